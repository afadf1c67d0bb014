"""The rows of /status-pages, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max

from accounts.models import User
from incidents.models import Incident
from monitoring.models import ComponentMonitor
from pages.models import Component, Page
from pages.status import Status, worst
from subscribers.models import Subscriber


@dataclass(frozen=True, slots=True)
class Row:
    """`state` is the worst of the page's components, None without any."""

    page: Page
    state: Status | None
    open_incidents: int
    subscribers: int
    checked_at: datetime | None


def page_rows(user: User, *, archived: bool) -> list[Row]:
    pages = Page.objects.visible_to(user).order_by("name", "id")
    state = Page.State.ARCHIVED
    chosen = list(pages.filter(status=state) if archived else pages.exclude(status=state))
    ids = [page.id for page in chosen]
    states, incidents = _states(ids), _open_incidents(ids)
    subscribers, checked = _subscribers(ids), _checked(ids)
    return [
        Row(
            page=page,
            state=states.get(page.id),
            open_incidents=incidents.get(page.id, 0),
            subscribers=subscribers.get(page.id, 0),
            checked_at=checked.get(page.id),
        )
        for page in chosen
    ]


def count_archived(user: User) -> int:
    return Page.objects.visible_to(user).filter(status=Page.State.ARCHIVED).count()


def _states(ids: Collection[UUID]) -> dict[UUID, Status]:
    found: dict[UUID, list[Status]] = defaultdict(list)
    rows = Component.objects.filter(page__in=ids).values_list("page_id", "status").distinct()
    for page_id, status in rows:
        found[page_id].append(Status(status))
    return {page_id: worst(statuses) for page_id, statuses in found.items()}


def _open_incidents(ids: Collection[UUID]) -> dict[UUID, int]:
    rows = Incident.objects.open().filter(page__in=ids).values("page_id")
    return dict(rows.annotate(n=Count("id")).values_list("page_id", "n"))


def _subscribers(ids: Collection[UUID]) -> dict[UUID, int]:
    rows = Subscriber.objects.active().filter(page__in=ids).values("page_id")
    return dict(rows.annotate(n=Count("id")).values_list("page_id", "n"))


def _checked(ids: Collection[UUID]) -> dict[UUID, datetime]:
    rows = ComponentMonitor.objects.filter(
        component__page__in=ids, monitor__last_result_at__isnull=False
    ).values("component__page_id")
    newest = rows.annotate(at=Max("monitor__last_result_at"))
    return dict(newest.values_list("component__page_id", "at"))
