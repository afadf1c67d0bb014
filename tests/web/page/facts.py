"""Facts for tests of pure modules."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from incidents.lifecycle import Impact, IncidentStatus
from pages.status import Status
from web.page.facts import AffectedFacts, ComponentFacts, IncidentFacts, Plan

AT = datetime(2025, 11, 21, 13, 41, 7, tzinfo=UTC)


def component(name: str, status: Status | None = Status.OPERATIONAL) -> ComponentFacts:
    return ComponentFacts(
        id=uuid4(),
        name=name,
        description=None,
        status=status,
        position=0,
        group_id=None,
        created_at=AT,
        updated_at=AT,
        unverified_since=None,
    )


def systems(*statuses: Status) -> list[ComponentFacts]:
    """Components A, B, C and so on."""
    return [component(chr(ord("A") + index), status) for index, status in enumerate(statuses)]


def incident(
    impact: Impact = Impact.MAJOR,
    *,
    name: str = "Declined cards",
    status: IncidentStatus = IncidentStatus.INVESTIGATING,
    began: datetime = AT,
    ended: datetime | None = None,
    affected: tuple[AffectedFacts, ...] = (),
    plan: Plan | None = None,
) -> IncidentFacts:
    return IncidentFacts(
        id=UUID(int=1),
        url="http://localhost/status/acme/incidents/1",
        shortlink="http://localhost/i/1",
        name=name,
        status=IncidentStatus.RESOLVED if ended and not plan else status,
        impact=impact,
        started_at=began,
        monitoring_at=None,
        resolved_at=ended,
        plan=plan,
        next_update_by=None,
        archived_at=None,
        created_at=began,
        updated_at=began,
        affected=affected,
        updates=(),
        postmortem=None,
    )


def maintenance(
    status: IncidentStatus = IncidentStatus.SCHEDULED,
    *,
    starts: datetime = AT,
    lasts: timedelta = timedelta(hours=1),
    ended: datetime | None = None,
    name: str = "Database upgrade",
) -> IncidentFacts:
    return incident(
        Impact.MAINTENANCE,
        name=name,
        status=status,
        began=starts,
        ended=ended,
        plan=Plan(starts, starts + lasts),
    )
