"""HTTP checks through the real shift, results stored, against `ab` on the same target.

`script/bench checks` compares checks per CPU-second; with `--hang 20%` a fifth of 10,000
monitors that are due at once hang for 5 s, and the last start must come within 5 s.
"""

import os
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils.timezone import now

from accounts.models import Organization, Project
from bench.serving import running
from bench.timing import Outcome, Sample, alternate, compare, measure
from monitoring.models import CheckResult, ComponentMonitor, Monitor
from monitoring.partitions import keep_partitions
from monitoring.shift.lease import Lease
from monitoring.shift.run import Shift
from pages.models import Component, Page
from statuspage.serve.ports import free_port

MONITORS = 10_000
COMPONENTS_A_PAGE = 50
HOSTS = 250
GATE = 0.25
HANG_S = 5.0
LATEST_START_S = 5.0
ROUNDS = 5
HANG_ROUNDS = 3


def run(option: str = "", share: str = "20%") -> Outcome:
    settings.MONITOR_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    keep_partitions(at=now())
    with tempfile.TemporaryDirectory(prefix="bench-nginx-") as folder, nginx(Path(folder)) as url:
        make_monitors([url.replace("127.0.0.1", f"127.0.1.{host}") for host in range(HOSTS)])
        if option == "--hang":
            return hanging(int(share.rstrip("%")) / 100)
        return throughput(url)


def throughput(url: str) -> Outcome:
    one_shift()
    samples = alternate(
        {
            "shift": lambda: measure(one_shift),
            "shift + PostgreSQL": lambda: measure(one_shift, pids=[_postgres_pid()]),
            "ab": lambda: measure(lambda: ab(url)),
        },
        rounds=ROUNDS,
    )
    outcome = compare("checks", samples, ours="shift", reference="ab", by="cpu", gate=GATE)
    whole = compare("checks", samples, ours="shift + PostgreSQL", reference="ab", by="cpu")
    spread = sorted(
        mine.rate("cpu") / theirs.rate("cpu")
        for mine, theirs in zip(samples["shift"], samples["ab"], strict=True)
    )
    lines = [
        *outcome.lines,
        f"ratios {spread[0]:.2f} to {spread[-1]:.2f}; with PostgreSQL's CPU {whole.ratio:.2f}",
        f"peak memory {_peak_mb()} MB",
    ]
    return Outcome("checks", "ab", outcome.ratio, GATE, lines)


def hanging(share: float) -> Outcome:
    """How late the last of all monitors starts, though some hang and all are due at once."""
    rounds = [_hanging_round(share) for _ in range(HANG_ROUNDS)]
    late = statistics.median(late for late, _ in rounds)
    lines = [f"{MONITORS} checks due at once, {share:.0%} of them hang {HANG_S:.0f} s"]
    for each, sample in rounds:
        lines.append(
            f"last start {each:.2f} s after it was due, all stored after {sample.wall_s:.2f} s, "
            f"CPU {sample.cpu_s:.2f} s"
        )
    lines.append(f"peak memory {_peak_mb()} MB")
    name, limit = f"checks --hang {share:.0%}", f"{LATEST_START_S:.0f} s to the last start"
    return Outcome(name, limit, LATEST_START_S / late, 1.0, lines)


def _hanging_round(share: float) -> tuple[float, Sample]:
    with silent_port() as url:
        # Spread evenly, so that they are met all along.
        ids = list(Monitor.objects.order_by("id").values_list("id", flat=True))
        hanging = Monitor.objects.filter(id__in=ids[:: round(1 / share)])
        hanging.update(url=url, timeout_ms=int(HANG_S * 1000))
        # Else pages that have yet to follow the round before would do so in this one.
        Monitor.objects.update(verdict=None, streak=0, streak_since=None, last_result_at=None)
        due_at = _make_due()
        sample = measure(checked)
        found = CheckResult.objects.filter(checked_at__gte=due_at)
        assert found.filter(reason="timeout").count() == hanging.count()
        latest = found.aggregate(latest=Max("checked_at"))["latest"]
    return (latest - due_at).total_seconds(), sample


def one_shift() -> int:
    _make_due()
    return checked()


def checked() -> int:
    """Runs a shift until every monitor has its result."""
    lease = Lease.take(places=1)
    assert lease is not None
    shift = Shift(lease)
    shift.run(stopped=lambda: shift.stored >= MONITORS, seconds=60)
    assert shift.stored >= MONITORS, f"only {shift.stored} of {MONITORS} checked"
    return shift.stored


def _make_due() -> datetime:
    due_at = now()
    Monitor.objects.update(next_check_at=due_at, anchor_at=due_at, interval_s=3600)
    return due_at


def make_monitors(urls: Sequence[str]) -> None:
    organization = Organization.objects.create(name="Bench")
    project = Project.objects.create(organization=organization, name="Default", is_default=True)
    for number in range(MONITORS // COMPONENTS_A_PAGE):
        page = Page.objects.create(
            organization=organization, project=project, name=str(number), subdomain=f"p-{number}"
        )
        components = Component.objects.bulk_create(
            Component(page=page, name=str(each), slug=f"c-{each}", created_at=now())
            for each in range(COMPONENTS_A_PAGE)
        )
        monitors = Monitor.objects.bulk_create(
            Monitor(
                project=project,
                name=component.name,
                url=urls[(number * COMPONENTS_A_PAGE + each) % len(urls)],
                timeout_ms=5000,
            )
            for each, component in enumerate(components)
        )
        ComponentMonitor.objects.bulk_create(
            ComponentMonitor(component=component, monitor=monitor)
            for component, monitor in zip(components, monitors, strict=True)
        )


def ab(url: str) -> int:
    """Apache's load generator, a new connection for each request."""
    command = ["ab", "-q", "-n", str(MONITORS), "-c", "100", url]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Failed requests:        0" in done.stdout, done.stdout
    return MONITORS


@contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """A target that costs next to nothing: an empty answer."""
    binary = shutil.which("nginx") or "/usr/sbin/nginx"
    port = free_port()
    (folder / "nginx.conf").write_text(
        f"""
        daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
        events {{ worker_connections 10000; }}
        http {{
            access_log off;
            server {{ listen 0.0.0.0:{port} backlog=4096; location / {{ return 204; }} }}
        }}
        """
    )
    command = [binary, "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with running(command, port, dict(os.environ)):
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def silent_port() -> Iterator[str]:
    """Takes connections (the kernel does) and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def _postgres_pid() -> int:
    pid_file = Path(settings.DATA_DIR).parent / "postgres" / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
