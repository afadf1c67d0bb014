"""The top-level status of API v2. Pure.

Rules and texts are those of Statuspage's "Top-level status and incident impact calculations".
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from pages.status import Status


class Rollup(NamedTuple):
    """Clients switch on the indicator, some on the text too."""

    indicator: str
    description: str


def rollup(statuses: Sequence[Status]) -> Rollup:
    """What the first rule that fits says of a page's components; groups are not counted."""
    return next(said for fits, said in _RULES if fits(statuses))


_Rule = Callable[[Sequence[Status]], bool]


def _any(status: Status) -> _Rule:
    return lambda statuses: status in statuses


def _all(status: Status) -> _Rule:
    return lambda statuses: set(statuses) == {status}


def _nothing_else(statuses: Sequence[Status]) -> bool:
    return set(statuses) <= {Status.OPERATIONAL}


def _several_degraded(statuses: Sequence[Status]) -> bool:
    return len(statuses) > 1 and _all(Status.DEGRADED)(statuses)


_RULES: tuple[tuple[_Rule, Rollup], ...] = (
    (_nothing_else, Rollup("none", "All Systems Operational")),
    (_all(Status.MAJOR), Rollup("critical", "Major System Outage")),
    (_any(Status.MAJOR), Rollup("major", "Partial System Outage")),
    (_all(Status.PARTIAL), Rollup("major", "Partial System Outage")),
    (_any(Status.PARTIAL), Rollup("minor", "Minor Service Outage")),
    (_several_degraded, Rollup("minor", "Degraded System Service")),
    (_any(Status.DEGRADED), Rollup("minor", "Partially Degraded Service")),
    (_any(Status.MAINTENANCE), Rollup("maintenance", "Service Under Maintenance")),
)
