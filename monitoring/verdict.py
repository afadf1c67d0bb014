"""What checks mean: runs of equal results, belief, and a component's status from them.

Pure: no query, no clock, no settings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pages.status import Status

# The monitor doubts itself when this many other hosts fail this close together.
DOUBT_HOSTS = 3
DOUBT_SHARE = 0.5
DOUBT_WINDOW = timedelta(seconds=90)


class Verdict(StrEnum):
    """What one check says of its target; `unknown` says nothing of it."""

    UP = "up"
    DOWN = "down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Streak:
    """A monitor's run of equal results: how many, since the first, up to the newest."""

    verdict: Verdict | None = None
    length: int = 0
    since: datetime | None = None
    newest: datetime | None = None

    def extended(self, verdict: Verdict, at: datetime) -> "Streak":
        """With one more result; one that is not newer than the newest changes nothing."""
        if self.newest is not None and at <= self.newest:
            return self
        if verdict is self.verdict:
            return Streak(verdict, self.length + 1, self.since, at)
        return Streak(verdict, 1, since=at, newest=at)


@dataclass(frozen=True, slots=True)
class Link:
    """What a component believes of one of its monitors, and the monitor's present run.

    `since` is the first check of the run that made it believe so, None from the start.
    `doubted` tells that the run is unknown because the monitor doubts itself.
    """

    believed: Verdict
    since: datetime | None
    streak: Streak
    doubted: bool = False

    def settled(self, *, failure_threshold: int, recovery_threshold: int) -> "Link":
        """Believes the run once it is long enough.

        A failure believed just before the monitor began to doubt itself is taken back.
        """
        run = self.streak
        failed = run.verdict is Verdict.DOWN and run.length >= failure_threshold
        if failed and self.believed is Verdict.UP:
            return replace(self, believed=Verdict.DOWN, since=run.since)
        recovered = run.verdict is Verdict.UP and run.length >= recovery_threshold
        if self.believed is Verdict.DOWN and (recovered or self._failed_with_others()):
            return replace(self, believed=Verdict.UP, since=run.since)
        return self

    def _failed_with_others(self) -> bool:
        if not self.doubted or self.since is None or self.streak.since is None:
            return False
        return self.since >= self.streak.since - DOUBT_WINDOW


def aggregate(links: Iterable[Link]) -> tuple[Status, datetime | None]:
    """The worst case: one monitor believed down is a major outage.

    With it the instant it began: of the first failing check, or, when all are up, of the
    good check that ended the last failure (None when there was never one).
    """
    known = list(links)
    failing = [link.since for link in known if link.believed is Verdict.DOWN and link.since]
    if failing:
        return Status.MAJOR, min(failing)
    return Status.OPERATIONAL, max((link.since for link in known if link.since), default=None)


def unknown_since(links: Sequence[Link]) -> datetime | None:
    """Since when none of the monitors says anything; None while one does."""
    if not links or any(link.streak.verdict is not Verdict.UNKNOWN for link in links):
        return None
    return max(link.streak.since for link in links if link.streak.since)


def seen_again(links: Iterable[Link], gap_since: datetime) -> datetime | None:
    """The first result after `gap_since` that says something; None while there is none."""
    newest = (link.streak.newest for link in links if link.streak.verdict is not Verdict.UNKNOWN)
    return min((at for at in newest if at is not None and at > gap_since), default=None)


@dataclass(frozen=True, slots=True)
class Tally:
    """Monitors of one host: all, those failing within the window, those that succeeded in it."""

    monitors: int
    failing: int
    succeeded: int


def doubted_hosts(tallies: Mapping[str, Tally]) -> frozenset[str]:
    """Hosts whose failure says more about our own network than about them.

    For such a host at least half of the monitors on at least three other hosts fail at the
    same time and none of them succeeds.
    """
    return frozenset(host for host in tallies if _others_all_fail(host, tallies))


def _others_all_fail(host: str, tallies: Mapping[str, Tally]) -> bool:
    others = [tally for name, tally in tallies.items() if name != host]
    if any(tally.succeeded for tally in others):
        return False
    failing_hosts = sum(1 for tally in others if tally.failing)
    failing = sum(tally.failing for tally in others)
    monitors = sum(tally.monitors for tally in others)
    return failing_hosts >= DOUBT_HOSTS and failing >= DOUBT_SHARE * monitors
