"""What keeps the checks of a component from being told: people, a maintenance, a pin."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max, Q

from incidents.models import Incident, IncidentComponent
from pages import sources
from pages.models import StatusClaim

# Under one of these claims the checks of a component do not count.
HOLDS = Q(pinned=True) | Q(source__startswith=sources.MAINTENANCE)


def told_by_people(component_ids: Collection[UUID]) -> set[UUID]:
    """Those that an open incident speaks of which no monitor opened."""
    by_people = Incident.objects.open().filter(automatic=False)
    rows = IncidentComponent.objects.filter(
        incident__in=by_people, component_id__in=list(component_ids)
    )
    return set(rows.values_list("component_id", flat=True))


def held(component_ids: Collection[UUID]) -> set[UUID]:
    """Those that a maintenance or a pin holds now."""
    live = StatusClaim.objects.live().filter(HOLDS, component_id__in=list(component_ids))
    return set(live.values_list("component_id", flat=True))


def held_until(component_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When the last maintenance or pin of each ended: its checks count again since."""
    over = StatusClaim.objects.filter(
        HOLDS, component_id__in=list(component_ids), ended_at__gt=F("since")
    )
    return dict(over.values_list("component_id").annotate(Max("ended_at")).order_by())
