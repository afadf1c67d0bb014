"""What every bench shares: a measured run, alternating rounds, the median of ratios."""

import os
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: how many operations, in how many seconds by the clock and of CPU."""

    operations: int
    wall_s: float
    cpu_s: float

    def rate(self, by: Literal["cpu", "wall"]) -> float:
        """Operations per second."""
        return self.operations / max(self.cpu_s if by == "cpu" else self.wall_s, 1e-9)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a bench found. `gate` is the least ratio that passes; None asks for nothing."""

    name: str
    reference: str
    ratio: float
    gate: float | None = None
    lines: Sequence[str] = field(default_factory=tuple)

    @property
    def passed(self) -> bool:
        return self.gate is None or self.ratio >= self.gate


def measure(work: Callable[[], int], *, pids: Iterable[int] = ()) -> Sample:
    """Runs `work`, which returns how many operations it did.

    CPU is that of this process, of its children that ended meanwhile, and of `pids` with
    all their descendants.
    """
    watched = tuple(pids)
    cpu, start = _own_cpu_s() + sum(map(tree_cpu_s, watched)), time.perf_counter()
    operations = work()
    wall = time.perf_counter() - start
    return Sample(operations, wall, _own_cpu_s() + sum(map(tree_cpu_s, watched)) - cpu)


def alternate(
    sides: Mapping[str, Callable[[], Sample]], *, rounds: int = 5
) -> dict[str, list[Sample]]:
    """Runs the sides in turn, so that a noisy minute hurts all of them alike."""
    samples: dict[str, list[Sample]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, run in sides.items():
            samples[name].append(run())
    return samples


def compare(
    name: str,
    samples: Mapping[str, Sequence[Sample]],
    *,
    ours: str,
    reference: str,
    by: Literal["cpu", "wall"] = "cpu",
    gate: float | None = None,
) -> Outcome:
    """The median over rounds of our rate divided by the reference's rate of the same round."""
    ratios = [
        mine.rate(by) / theirs.rate(by)
        for mine, theirs in zip(samples[ours], samples[reference], strict=True)
    ]
    return Outcome(name, reference, statistics.median(ratios), gate, tuple(table(samples)))


def table(samples: Mapping[str, Sequence[Sample]]) -> list[str]:
    """Medians by side: operations a second, a CPU-second, and CPU microseconds each."""
    lines = [f"{'side':<28}{'op/s':>12}{'op/CPU-s':>12}{'CPU us/op':>12}"]
    for side, runs in samples.items():
        wall, cpu = (statistics.median(run.rate(by) for run in runs) for by in ("wall", "cpu"))
        lines.append(f"{side:<28}{wall:>12,.0f}{cpu:>12,.0f}{1e6 / cpu:>12,.1f}")
    return lines


def tree_cpu_s(pid: int) -> float:
    """CPU seconds of a process, its waited-for children and its living descendants (Linux)."""
    total = 0.0
    for each in (pid, *_descendants(pid)):
        try:
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(map(int, fields[11:15])) / _TICKS
    return total


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in direct:
            found += [child, *_descendants(child)]
    return found


def _own_cpu_s() -> float:
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
