"""Component statuses and how they combine. Pure: no query, no clock, no settings."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """A stored component status, by the industry's names (Statuspage API v2)."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded_performance"
    PARTIAL = "partial_outage"
    MAJOR = "major_outage"
    MAINTENANCE = "under_maintenance"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


RANK: dict[Status, int] = {
    Status.OPERATIONAL: 0,
    Status.MAINTENANCE: 1,
    Status.DEGRADED: 2,
    Status.PARTIAL: 3,
    Status.MAJOR: 4,
}

ALIASES: dict[str, Status] = {
    "degraded": Status.DEGRADED,
    "offline": Status.MAJOR,
    "maintenance": Status.MAINTENANCE,
}


def worst(statuses: Iterable[Status]) -> Status:
    """The worst of `statuses`, operational when there is none."""
    return max(statuses, key=RANK.__getitem__, default=Status.OPERATIONAL)


def parse(text: str) -> Status:
    """Reads a status by its name or an alias, in any case.

    Raises ValueError naming the accepted values.
    """
    name = text.strip().lower()
    if name in ALIASES:
        return ALIASES[name]
    try:
        return Status(name)
    except ValueError:
        known = ", ".join([*Status, *ALIASES])
        raise ValueError(f"unknown status: use one of {known}") from None
