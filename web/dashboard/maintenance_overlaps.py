"""What else is said of the same systems at the time of a maintenance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from incidents.lifecycle import OPEN, RUNNING, IncidentStatus
from incidents.models import Incident, MaintenanceSeries
from pages.models import Page
from web.dashboard.maintenance_rows import Concerned, concerned

NAMED = 5
SOON = timedelta(days=7)
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Overlap:
    """`systems` are those that both are about; none where one is about the whole page."""

    other: Incident
    systems: list[str]

    @property
    def is_open(self) -> bool:
        return self.other.status in OPEN


def overlaps(
    page: Page,
    spans: Sequence[tuple[datetime, datetime]],
    component_ids: Collection[UUID],
    *,
    at: datetime,
    besides: Incident | MaintenanceSeries | None = None,
) -> list[Overlap]:
    """Maintenances that take place in one of `spans`, and incidents that may be open still.

    Those are the open ones, for what begins within SOON of `at`. Without `component_ids` it
    is about the whole page. A fixed number of queries; at most NAMED answers.
    """
    if not spans:
        return []
    mine = frozenset(component_ids) or None
    planned = Q(
        status__in=RUNNING | {IncidentStatus.SCHEDULED},
        scheduled_for__lt=max(end for _, end in spans),
        scheduled_until__gt=min(start for start, _ in spans),
    )
    soon = min(start for start, _ in spans) - at < SOON
    asked = planned | Q(status__in=OPEN) if soon else planned
    found = page.incidents.filter(asked).order_by("scheduled_for", "id")
    if isinstance(besides, Incident):
        found = found.exclude(pk=besides.pk)
    elif besides:
        found = found.exclude(pk__in=besides.occurrences.values("pk"))
    others = found.prefetch_related("affected__component")[:_LOOKED_AT]
    touching = (one for one in others if _meets(one, spans) and _shares(mine, concerned(one)))
    return [Overlap(one, _names(one, mine)) for one in touching][:NAMED]


def _meets(other: Incident, spans: Sequence[tuple[datetime, datetime]]) -> bool:
    if other.scheduled_for is None or other.scheduled_until is None:
        return True
    return any(other.scheduled_for < end and other.scheduled_until > start for start, end in spans)


def _shares(mine: Concerned, theirs: Concerned) -> bool:
    return mine is None or theirs is None or not mine.isdisjoint(theirs)


def _names(other: Incident, mine: Concerned) -> list[str]:
    rows = other.affected.all()
    return [row.component.name for row in rows if mine and row.component_id in mine]
