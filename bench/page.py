"""The cached page, 50 components x 90 days and 3 open incidents, through Granian and the edge,
against nginx serving the same bytes as files (gzip_static).

The servers run on one core, the load (wrk) on another; rounds alternate. The ratio is that of
answers with 200 per second; those with 304 and the brotli size are printed.
"""

import os
import re
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import brotli
from django.utils.timezone import now

from accounts.actor import MONITOR, SYSTEM
from accounts.models import Organization, Project
from bench.serving import edge, on_core, running
from bench.timing import Outcome
from incidents.actions import open_incident
from pages import claims, days, sources
from pages.actions import create_component, create_group, create_page, publish_page
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from statuspage.serve.ports import free_port

PATH = "/status/bench"
GROUPS, COMPONENTS_A_GROUP, INCIDENTS = 5, 10, 3
BROTLI_LIMIT_BYTES = 6_000
ROUNDS = int(os.environ.get("ROUNDS", "5"))
SECONDS = 3
CONNECTIONS = 16
_NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  default_type text/html; gzip_static on; gzip_vary on;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw of one server in one round."""

    per_second: float
    p99_ms: float


def run() -> Outcome:
    seed()
    with tempfile.TemporaryDirectory(prefix="bench-nginx-") as folder, edge() as port:
        _, _, page = _fetch(port, "br")
        _, gzip_tag, gzipped = _fetch(port, "gzip")
        with nginx(Path(folder), brotli.decompress(page), gzipped) as reference:
            nginx_tag = _fetch(reference, "gzip", "/page.html")[1]
            loads = _alternate(
                {
                    "edge 200": lambda: wrk(port, PATH, "gzip"),
                    "nginx 200": lambda: wrk(reference, "/page.html", "gzip"),
                    "edge 304": lambda: wrk(port, PATH, "gzip", gzip_tag),
                    "nginx 304": lambda: wrk(reference, "/page.html", "gzip", nginx_tag),
                }
            )
    return Outcome("page", "nginx", _ratio(loads, "200"), None, _lines(loads, page))


def seed() -> None:
    """The page, written through the verbs that operators and monitors use."""
    at = now()
    project = Project.objects.create(
        organization=Organization.objects.create(name="Bench"), name="Default", is_default=True
    )
    page = create_page(
        project=project, name="Bench", subdomain="bench", actor=SYSTEM, at=at - timedelta(days=100)
    )
    components = [each for group in range(GROUPS) for each in _group(page, group)]
    with changing(page.pk):
        for number, component in enumerate(components):
            _troubles(component, number)
    days.fold_finished_days(at=at)
    publish_page(page=page, actor=SYSTEM, at=at)
    for number, component in enumerate(components[::17][:INCIDENTS]):
        open_incident(
            page=page,
            name=f"Requests to {component.name} fail",
            body="We see errors for some requests and look for the cause.",
            statuses={component: Status.PARTIAL},
            actor=SYSTEM,
            at=at - timedelta(minutes=10 * (number + 1)),
        )


def _group(page: Page, number: int) -> list[Component]:
    at = page.created_at
    group = create_group(page=page, name=f"Region {number + 1}", actor=SYSTEM, at=at)
    return [
        create_component(
            page=page,
            group=group,
            name=f"Service {number + 1}.{position + 1}",
            position=position,
            actor=SYSTEM,
            at=at,
        )
        for position in range(COMPONENTS_A_GROUP)
    ]


def _troubles(component: Component, number: int) -> None:
    """Three in the last 90 days, at other days for each component."""
    for trouble, status in enumerate((Status.MAJOR, Status.PARTIAL, Status.DEGRADED)):
        days_ago = 88 - (number * 7 + trouble * 31) % 87
        since = now() - timedelta(days=days_ago)
        for told, moment in ((status, since), (None, since + timedelta(minutes=7 + number))):
            claims.apply(
                component=component,
                source=sources.CHECKS,
                status=told,
                since=moment,
                actor=MONITOR.label,
            )


@contextmanager
def nginx(folder: Path, page: bytes, gzipped: bytes) -> Iterator[int]:
    port = free_port()
    (folder / "page.html").write_bytes(page)
    (folder / "page.html.gz").write_bytes(gzipped)
    (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, port=port))
    folder.chmod(0o755)
    binary = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin") or "nginx"
    command = [*on_core(0), binary, "-e", str(folder / "log"), "-c", str(folder / "nginx.conf")]
    with running(command, port, dict(os.environ)):
        yield port


def wrk(port: int, path: str, encoding: str, tag: str = "") -> Load:
    headers = {"Host": f"localhost:{port}", "Accept-Encoding": encoding}
    if tag:
        headers["If-None-Match"] = tag
    given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    size = ["-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency"]
    command = [*on_core(1), "wrk", *size, *given, f"http://127.0.0.1:{port}{path}"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said and not tag:
        raise SystemExit(f"errors under load:\n{said}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"\s99%\s+([\d.]+)(us|ms|s)\n", said)
    assert rate, said
    assert p99, said
    return Load(float(rate[1]), float(p99[1]) * {"us": 0.001, "ms": 1, "s": 1000}[p99[2]])


def _fetch(port: int, encoding: str, path: str = PATH) -> tuple[int, str, bytes]:
    client = HTTPConnection("localhost", port, timeout=10)
    client.request("GET", path, headers={"Accept-Encoding": encoding})
    response = client.getresponse()
    body = response.read()
    assert response.status == 200, response.status
    assert response.getheader("Content-Encoding") == encoding or path != PATH
    return response.status, str(response.getheader("ETag")), body


def _alternate(sides: dict[str, Callable[[], Load]]) -> dict[str, list[Load]]:
    loads: dict[str, list[Load]] = {name: [] for name in sides}
    for _ in range(ROUNDS):
        for name, run_side in sides.items():
            loads[name].append(run_side())
    return loads


def _ratios(loads: dict[str, list[Load]], status: str) -> list[float]:
    pairs = zip(loads[f"edge {status}"], loads[f"nginx {status}"], strict=True)
    return sorted(ours.per_second / theirs.per_second for ours, theirs in pairs)


def _ratio(loads: dict[str, list[Load]], status: str) -> float:
    return statistics.median(_ratios(loads, status))


def _lines(loads: dict[str, list[Load]], page: bytes) -> list[str]:
    lines = [f"{'server':<12}{'answers/s':>12}{'p99 ms':>10}   (wrk -t1 -c{CONNECTIONS})"]
    for name, runs in loads.items():
        rate = statistics.median(load.per_second for load in runs)
        p99 = statistics.median(load.p99_ms for load in runs)
        lines.append(f"{name:<12}{rate:>12,.0f}{p99:>10.2f}")
    for status in ("200", "304"):
        low, *_, high = _ratios(loads, status)
        lines.append(f"ratio {status}: {_ratio(loads, status):.3f} ({low:.3f} to {high:.3f})")
    size = f"{len(brotli.decompress(page)):,} bytes, brotli {len(page):,}"
    verdict = "" if len(page) <= BROTLI_LIMIT_BYTES else f", above {BROTLI_LIMIT_BYTES:,}"
    return [*lines, f"page: {size}{verdict}"]
