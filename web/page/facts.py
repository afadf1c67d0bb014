"""What a public document may say of a page: an allowlist of values, read at one moment.

A status is None where the stored text is none that we know; whoever shows it says so.
All times are aware and in UTC.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from incidents.lifecycle import (
    OPEN,
    OVER,
    RUNNING,
    STATUS_OF_IMPACT,
    Family,
    Impact,
    IncidentStatus,
)
from pages.days import PageDays
from pages.footnotes import Footnote
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
    edited_at: datetime | None
    deliver_notifications: bool
    created_at: datetime
    updated_at: datetime
    changes: tuple[ChangeFacts, ...]


@dataclass(frozen=True, slots=True)
class PostmortemFacts:
    """The published text; what is being written stays inside."""

    id: UUID
    body: str
    published_at: datetime
    updated_at: datetime
    told: bool


class Plan(NamedTuple):
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentFacts:
    """A published incident or, with a plan, a maintenance.

    `updates` are those already to be shown, newest first, and at least one. `next_update_by` is
    what the newest of them promises.
    """

    id: UUID
    url: str
    shortlink: str
    name: str
    status: IncidentStatus
    impact: Impact
    started_at: datetime
    monitoring_at: datetime | None
    resolved_at: datetime | None
    plan: Plan | None
    next_update_by: datetime | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    affected: tuple[AffectedFacts, ...]
    updates: tuple[UpdateFacts, ...]
    postmortem: PostmortemFacts | None

    @property
    def family(self) -> Family:
        return Family.INCIDENT if self.plan is None else Family.MAINTENANCE

    @property
    def is_maintenance(self) -> bool:
        return self.plan is not None

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_running(self) -> bool:
        """A maintenance that has begun and not ended."""
        return self.status in RUNNING

    @property
    def is_upcoming(self) -> bool:
        return self.status is IncidentStatus.SCHEDULED

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def began_at(self) -> datetime:
        """What was cancelled or finished before its time began, if ever, when it ended."""
        return min(self.started_at, self.resolved_at or self.started_at)

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
    """All that the page and its sections show.

    `groups` and `components` are in their order of position; `incidents` are the open ones
    and those of the past two weeks, `maintenances` the running and the next ones and those of
    the past two weeks, both newest first. After `valid_until` something in here changes by the
    clock alone.
    """

    page: PageFacts
    groups: tuple[GroupFacts, ...]
    components: tuple[ComponentFacts, ...]
    incidents: tuple[IncidentFacts, ...]
    maintenances: tuple[IncidentFacts, ...]
    days: PageDays
    footnotes: tuple[Footnote, ...]
    verification: Verification
    read_at: datetime
    valid_until: datetime

    @property
    def open_incidents(self) -> tuple[IncidentFacts, ...]:
        return tuple(incident for incident in self.incidents if incident.is_open)

    @property
    def running(self) -> tuple[IncidentFacts, ...]:
        """Maintenances under way, the next to end first."""
        running = (story for story in self.maintenances if story.is_running)
        return tuple(sorted(running, key=_ends))

    @property
    def current(self) -> tuple[IncidentFacts, ...]:
        """Everything that goes on."""
        return self.open_incidents + self.running

    @property
    def upcoming(self) -> tuple[IncidentFacts, ...]:
        """Maintenances to come, the next one first."""
        upcoming = (story for story in self.maintenances if story.is_upcoming)
        return tuple(sorted(upcoming, key=_starts))


@dataclass(frozen=True, slots=True)
class IncidentSnapshot:
    """One incident or maintenance by itself."""

    page: PageFacts
    incident: IncidentFacts
    read_at: datetime
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class StoriesSnapshot:
    """Incidents, maintenances or both, with the systems they speak of, for programs."""

    page: PageFacts
    groups: tuple[GroupFacts, ...]
    components: tuple[ComponentFacts, ...]
    stories: tuple[IncidentFacts, ...]
    valid_until: datetime | None


def _starts(story: IncidentFacts) -> datetime:
    return story.plan.starts_at if story.plan else story.started_at


def _ends(story: IncidentFacts) -> datetime:
    return story.plan.ends_at if story.plan else story.started_at
