"""The lives of incidents and maintenances as tables. Pure: no query, no clock, no settings."""

from collections.abc import Iterable
from enum import StrEnum

from pages.status import Status


class Family(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class IncidentStatus(StrEnum):
    """The stages of both families; `draft` is the first of either."""

    DRAFT = "draft"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class Impact(StrEnum):
    """How bad an incident is; documents also call it severity."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"

    @property
    def label(self) -> str:
        return self.value.capitalize()


_S = IncidentStatus
OPEN = frozenset({_S.INVESTIGATING, _S.IDENTIFIED, _S.MONITORING})
RUNNING = frozenset({_S.IN_PROGRESS, _S.VERIFYING})
OVER = frozenset({_S.RESOLVED, _S.COMPLETED, _S.CANCELLED})
INCIDENT_PUBLIC = OPEN | {_S.RESOLVED}
MAINTENANCE_PUBLIC = RUNNING | {_S.SCHEDULED, _S.COMPLETED, _S.CANCELLED}
PUBLIC = INCIDENT_PUBLIC | MAINTENANCE_PUBLIC

# What may follow what; staying in a status is an update without news of the status.
LEGAL: dict[Family, dict[IncidentStatus, frozenset[IncidentStatus]]] = {
    Family.INCIDENT: {
        _S.DRAFT: OPEN,
        _S.INVESTIGATING: INCIDENT_PUBLIC,
        _S.IDENTIFIED: INCIDENT_PUBLIC,
        _S.MONITORING: INCIDENT_PUBLIC,
        _S.RESOLVED: OPEN,
    },
    Family.MAINTENANCE: {
        _S.DRAFT: frozenset({_S.SCHEDULED, _S.CANCELLED}),
        _S.SCHEDULED: frozenset({_S.SCHEDULED, _S.IN_PROGRESS, _S.CANCELLED}),
        _S.IN_PROGRESS: RUNNING | {_S.COMPLETED},
        _S.VERIFYING: RUNNING | {_S.COMPLETED},
        _S.COMPLETED: frozenset(),
        _S.CANCELLED: frozenset(),
    },
}

STATUS_OF_IMPACT: dict[Impact, Status] = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MAINTENANCE: Status.MAINTENANCE,
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL,
    Impact.CRITICAL: Status.MAJOR,
}
_IMPACT_OF_STATUS: dict[Status, Impact] = {
    Status.OPERATIONAL: Impact.NONE,
    Status.MAINTENANCE: Impact.MAINTENANCE,
    Status.DEGRADED: Impact.MINOR,
    Status.PARTIAL: Impact.MAJOR,
    Status.MAJOR: Impact.CRITICAL,
}
IMPACT_RANK: dict[Impact, int] = {
    Impact.NONE: 0,
    Impact.MAINTENANCE: 1,
    Impact.MINOR: 2,
    Impact.MAJOR: 3,
    Impact.CRITICAL: 4,
}


def explain_illegal(family: Family, old: IncidentStatus, new: IncidentStatus) -> str | None:
    """Why `new` may not follow `old`, naming what may; None when it may."""
    following = LEGAL[family].get(old, frozenset())
    if new in following:
        return None
    if not following:
        return f"{old.label} is final: nothing can follow it"
    legal = ", ".join(status for status in IncidentStatus if status in following)
    return f"{new.label} cannot follow {old.label.lower()}: use one of {legal}"


def worst_impact(impacts: Iterable[Impact]) -> Impact:
    """The worst of `impacts`, none when there is none."""
    return max(impacts, key=IMPACT_RANK.__getitem__, default=Impact.NONE)


def impact_of(statuses: Iterable[Status]) -> Impact:
    """The impact of the worst of `statuses`."""
    return worst_impact(_IMPACT_OF_STATUS[status] for status in statuses)
