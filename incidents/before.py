"""What components were at the time of which an update speaks, now or in the past."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from incidents.models import UpdateComponent
from pages.models import StatusInterval
from pages.status import Status

_INSTANT = timedelta(microseconds=1)
_Place = tuple[UUID, datetime]


def what_was(changes: Sequence[UpdateComponent]) -> dict[tuple[UUID, UUID], str]:
    """What the components of `changes` were before, by (update, component): two queries.

    What their story said of them last before the update, else their status at that time.
    """
    said = _said_before(changes)
    unsaid = [change for change in changes if (change.update_id, change.component_id) not in said]
    then = statuses_at((change.component_id, change.since) for change in unsaid)
    return said | {
        (change.update_id, change.component_id): then[change.component_id, change.since]
        for change in unsaid
    }


def statuses_at(places: Iterable[_Place]) -> dict[_Place, str]:
    """The status of each component at its instant, as history now has it; one query."""
    wanted: dict[UUID, set[datetime]] = defaultdict(set)
    for component_id, moment in places:
        wanted[component_id].add(moment)
    moments = set[datetime]().union(*wanted.values())
    found: dict[_Place, str] = {}
    if not moments:
        return found
    intervals = StatusInterval.objects.filter(
        component__in=wanted, span__overlap=(min(moments), max(moments) + _INSTANT)
    )
    for component_id, span, status in intervals.values_list("component_id", "span", "status"):
        found |= {(component_id, each): status for each in wanted[component_id] if each in span}
    nothing = Status.OPERATIONAL.value
    return {
        (component_id, each): found.get((component_id, each), nothing)
        for component_id, each_of in wanted.items()
        for each in each_of
    }


def _said_before(changes: Sequence[UpdateComponent]) -> dict[tuple[UUID, UUID], str]:
    words: dict[tuple[UUID, UUID], list[UpdateComponent]] = defaultdict(list)
    rows = UpdateComponent.objects.filter(
        update__incident__in={change.update.incident_id for change in changes},
        component__in={change.component_id for change in changes},
        update__published_at__isnull=False,
    ).order_by("update__display_at", "update__created_at", "update__id")
    for row in rows.select_related("update"):
        words[row.update.incident_id, row.component_id].append(row)
    before = {
        (change.update_id, change.component_id): [
            row.new_status
            for row in words[change.update.incident_id, change.component_id]
            if row.update.display_at <= change.update.display_at
            and row.update_id != change.update_id
        ]
        for change in changes
    }
    return {place: said[-1] for place, said in before.items() if said}
