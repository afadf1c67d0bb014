"""Component statuses and how they combine. Pure: no query, no clock, no settings."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pages.sources import CHECKS, is_maintenance


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


class Claim(Protocol):
    """What one source says; a pin may have an end, from which on it says nothing."""

    @property
    def source(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def pinned(self) -> bool: ...
    @property
    def pin_expires_at(self) -> datetime | None: ...


def effective(live: Iterable[Claim], at: datetime) -> tuple[Status, bool]:
    """The status that `live` claims make at `at`, and whether it is held.

    A pin outranks all. Under a maintenance the checks are not counted. Else the worst wins.
    Held means that more than checks stands behind it: a person, an incident, a maintenance.
    """
    said = [claim for claim in live if not _expired(claim, at)]
    held = any(claim.source != CHECKS for claim in said)
    pins = [claim for claim in said if claim.pinned]
    maintained = any(is_maintenance(claim.source) for claim in said)
    counted = pins or [claim for claim in said if not (maintained and claim.source == CHECKS)]
    return worst(Status(claim.status) for claim in counted), held


def _expired(claim: Claim, at: datetime) -> bool:
    return claim.pinned and claim.pin_expires_at is not None and claim.pin_expires_at <= at


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
