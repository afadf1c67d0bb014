"""What a public document may say of a page: an allowlist of values, read at one moment.

A status is None where the stored text is none that we know; whoever shows it says so.
All times are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from incidents.lifecycle import OPEN, STATUS_OF_IMPACT, Impact, IncidentStatus
from pages.days import PageDays
from pages.status import Status


@dataclass(frozen=True, slots=True)
class PageFacts:
    id: UUID
    name: str
    subdomain: str
    url: str
    zone: ZoneInfo
    version: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class GroupFacts:
    id: UUID
    name: str
    position: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ComponentFacts:
    id: UUID
    name: str
    description: str | None
    status: Status | None
    position: int
    group_id: UUID | None
    created_at: datetime
    updated_at: datetime
    unverified_since: datetime | None


@dataclass(frozen=True, slots=True)
class AffectedFacts:
    """A component of an incident and what the incident says of it now."""

    component_id: UUID
    name: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class ChangeFacts:
    """`name` is "Group - Component" where the component is in a group."""

    component_id: UUID
    name: str
    old: Status | None
    new: Status | None


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    id: UUID
    status: IncidentStatus
    body: str
    display_at: datetime
    created_at: datetime
    updated_at: datetime
    changes: tuple[ChangeFacts, ...]


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """A published incident; `updates` are those already to be shown, newest first."""

    id: UUID
    url: str
    name: str
    status: IncidentStatus
    impact: Impact
    started_at: datetime
    monitoring_at: datetime | None
    resolved_at: datetime | None
    created_at: datetime
    updated_at: datetime
    affected: tuple[AffectedFacts, ...]
    updates: tuple[UpdateFacts, ...]

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def severity(self) -> Status:
        """The impact as the component status it equals."""
        return STATUS_OF_IMPACT[self.impact]


@dataclass(frozen=True, slots=True)
class Verification:
    """`at` is the oldest newest result of the page's monitors, None where it has none.

    Older than `stale_after` seconds is worth a warning.
    """

    at: datetime | None
    stale_after: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that the page, its sections and its JSON show.

    `groups` and `components` are in their order of position; `incidents` are the open ones
    and those of the past two weeks, newest first. After `valid_until` something in here
    changes by the clock alone.
    """

    page: PageFacts
    groups: tuple[GroupFacts, ...]
    components: tuple[ComponentFacts, ...]
    incidents: tuple[IncidentFacts, ...]
    days: PageDays
    verification: Verification
    read_at: datetime
    valid_until: datetime

    @property
    def open_incidents(self) -> tuple[IncidentFacts, ...]:
        return tuple(incident for incident in self.incidents if incident.is_open)


@dataclass(frozen=True, slots=True)
class IncidentSnapshot:
    page: PageFacts
    incident: IncidentFacts
    read_at: datetime
    valid_until: datetime | None
