"""Keeps processes running: started together, started again when they die, ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from statuspage.embedded.process import ending_with_us
from statuspage.serve.children import Child

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
# Whoever ran this long starts again without waiting.
STEADY_S = 60.0
LOG_LIMIT = 10_000_000

Say = Callable[[str], None]


@dataclass(slots=True)
class Running:
    child: Child
    process: subprocess.Popen[bytes]
    started_at: float
    pause_s: float = FIRST_PAUSE_S
    start_again_at: float | None = None


class Supervisor:
    """Starts each child in a process group of its own, its output in `logs`/<name>.log."""

    def __init__(self, *, logs: Path, environment: dict[str, str], cwd: Path, say: Say) -> None:
        self.logs = logs
        self.environment = environment
        self.cwd = cwd
        self.say = say
        self.batches: list[list[Running]] = []

    def start(self, children: Iterable[Child]) -> None:
        """Starts a batch. Batches end in reverse order: the later look at the earlier."""
        now = time.monotonic()
        self.batches.append([Running(child, self._launch(child), now) for child in children])

    @property
    def running(self) -> list[Running]:
        return [running for batch in self.batches for running in batch]

    def look_after(self) -> None:
        """One round: notes who died, starts again who waited long enough, trims the logs."""
        for running in self.running:
            if running.start_again_at is None:
                self._note_death(running)
            elif time.monotonic() >= running.start_again_at:
                running.process = self._launch(running.child)
                running.started_at, running.start_again_at = time.monotonic(), None
        for log in self.logs.glob("*.log"):
            _keep_small(log)

    def stop(self) -> None:
        """Asks each batch to end, waits as long as each may take, then ends what is left."""
        while self.batches:
            batch = self.batches[-1]
            for running in batch:
                _signal_group(running.process, signal.SIGTERM)
            asked_at = time.monotonic()
            for running in batch:
                left_s = asked_at + running.child.grace_s - time.monotonic()
                with suppress(subprocess.TimeoutExpired):
                    running.process.wait(timeout=max(left_s, 0))
                _signal_group(running.process, signal.SIGKILL)
                running.process.wait()
            self.batches.pop()

    def _note_death(self, running: Running) -> None:
        code = running.process.poll()
        if code is None:
            return
        # What it started itself must not go on beside its successor.
        _signal_group(running.process, signal.SIGKILL)
        if time.monotonic() - running.started_at > STEADY_S:
            running.pause_s = FIRST_PAUSE_S
        running.start_again_at = time.monotonic() + running.pause_s
        name = running.child.name
        self.say(
            f"{name} ended ({_how(code)}), starting again in {running.pause_s:g} s;"
            f" see {self.logs / name}.log"
        )
        running.pause_s = min(running.pause_s * 2, LONGEST_PAUSE_S)

    def _launch(self, child: Child) -> subprocess.Popen[bytes]:
        with (self.logs / f"{child.name}.log").open("ab") as log:
            return subprocess.Popen(
                ending_with_us(list(child.command), signal.SIGTERM),
                env=self.environment | dict(child.environment),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit {code}"


def _signal_group(process: subprocess.Popen[bytes], signum: signal.Signals) -> None:
    try:
        os.killpg(process.pid, signum)
    except (ProcessLookupError, PermissionError):
        return


def _keep_small(log: Path) -> None:
    """Writers append, so cutting the file to nothing costs them nothing."""
    if log.stat().st_size > LOG_LIMIT:
        log.with_suffix(".log.1").write_bytes(log.read_bytes())
        os.truncate(log, 0)
