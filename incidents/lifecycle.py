"""The life of an incident as tables. Pure: no query, no clock, no settings."""

from collections.abc import Iterable
from enum import StrEnum

from pages.status import Status


class IncidentStatus(StrEnum):
    DRAFT = "draft"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"

    @property
    def label(self) -> str:
        return self.value.capitalize()


class Impact(StrEnum):
    """How bad an incident is; documents also call it severity."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"

    @property
    def label(self) -> str:
        return self.value.capitalize()


OPEN = frozenset(
    {IncidentStatus.INVESTIGATING, IncidentStatus.IDENTIFIED, IncidentStatus.MONITORING}
)
PUBLIC = OPEN | {IncidentStatus.RESOLVED}

# What may follow what; staying in a status is an update without news of the status.
LEGAL: dict[IncidentStatus, frozenset[IncidentStatus]] = {
    IncidentStatus.DRAFT: frozenset({IncidentStatus.INVESTIGATING}),
    IncidentStatus.INVESTIGATING: PUBLIC,
    IncidentStatus.IDENTIFIED: PUBLIC,
    IncidentStatus.MONITORING: PUBLIC,
    IncidentStatus.RESOLVED: frozenset(),
}

STATUS_OF_IMPACT: dict[Impact, Status] = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL,
    Impact.CRITICAL: Status.MAJOR,
}
_IMPACT_OF_STATUS: dict[Status, Impact] = {
    Status.OPERATIONAL: Impact.NONE,
    Status.MAINTENANCE: Impact.NONE,
    Status.DEGRADED: Impact.MINOR,
    Status.PARTIAL: Impact.MAJOR,
    Status.MAJOR: Impact.CRITICAL,
}
IMPACT_RANK: dict[Impact, int] = {
    Impact.NONE: 0,
    Impact.MINOR: 1,
    Impact.MAJOR: 2,
    Impact.CRITICAL: 3,
}


def explain_illegal(old: IncidentStatus, new: IncidentStatus) -> str | None:
    """Why `new` may not follow `old`, naming what may; None when it may."""
    if new in LEGAL[old]:
        return None
    if not LEGAL[old]:
        return f"{old.label} is final: open a new incident instead"
    legal = ", ".join(status for status in IncidentStatus if status in LEGAL[old])
    return f"{new.label} cannot follow {old.label.lower()}: use one of {legal}"


def worst_impact(impacts: Iterable[Impact]) -> Impact:
    """The worst of `impacts`, none when there is none."""
    return max(impacts, key=IMPACT_RANK.__getitem__, default=Impact.NONE)


def impact_of(statuses: Iterable[Status]) -> Impact:
    """The impact of the worst of `statuses`."""
    return worst_impact(_IMPACT_OF_STATUS[status] for status in statuses)
