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


def impact_of(statuses: Iterable[Status]) -> Impact:
    """The impact of the worst of `statuses`."""
    impacts = (_IMPACT_OF_STATUS[status] for status in statuses)
    return max(impacts, key=IMPACT_RANK.__getitem__, default=Impact.NONE)
