"""How far the news of each update is: held, on its way, delivered."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from incidents.models import IncidentUpdate
from subscribers.models import Delivery
from subscribers.outbox import held_until


@dataclass(frozen=True, slots=True)
class Sending:
    """`held_until` is None for what is not held."""

    held_until: datetime | None
    delivered: int
    failed: int


def sending_of(updates: Iterable[IncidentUpdate]) -> dict[UUID, Sending]:
    """By the id of each update that is told. Two queries."""
    told = {each.pk: each.notification_id for each in updates if each.notification_id}
    held = held_until(told.values())
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    rows = Delivery.objects.filter(notification__in=told.values())
    for news, state, n in rows.values_list("notification_id", "state").annotate(Count("id")):
        counts[news][state] = n
    return {
        update: Sending(
            held_until=held.get(news),
            delivered=counts[news].get(Delivery.State.SENT, 0),
            failed=counts[news].get(Delivery.State.FAILED, 0),
        )
        for update, news in told.items()
    }
