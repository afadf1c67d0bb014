"""What pages and the dashboard ask of monitoring."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count, F, Min, Q

from accounts.models import Project
from monitoring.models import ComponentMonitor, Monitor, MonitorQuerySet
from monitoring.outcome import Phases, Reason, Result

RECENT = 30


def last_verified_at(component_ids: Iterable[UUID]) -> dict[UUID, datetime | None]:
    """Per component, the oldest of its monitors' newest results that said something.

    None when one of them never did; components without an enabled monitor are left out.
    """
    links = (
        ComponentMonitor.objects.filter(
            component_id__in=list(component_ids), monitor__in=Monitor.objects.enabled()
        )
        .order_by()
        .values("component_id")
        .annotate(
            oldest=Min("monitor__verified_at"),
            silent=Count("id", filter=Q(monitor__verified_at=None)),
        )
    )
    return {row["component_id"]: None if row["silent"] else row["oldest"] for row in links}


@dataclass(frozen=True, slots=True)
class MonitorRow:
    """A monitor for a list, with the names of what follows it and its newest results first."""

    monitor: Monitor
    components: tuple[str, ...]
    recent: tuple[Result, ...]


def monitor_rows(project: Project) -> list[MonitorRow]:
    """The project's monitors by name, in three queries."""
    monitors = list(_of(project).prefetch_related("components").order_by(F("name").asc(), "id"))
    recent = recent_results(monitor.pk for monitor in monitors)
    return [
        MonitorRow(
            monitor=monitor,
            components=tuple(sorted(str(component) for component in monitor.components.all())),
            recent=tuple(recent.get(monitor.pk, ())),
        )
        for monitor in monitors
    ]


def recent_results(monitor_ids: Iterable[UUID], *, limit: int = RECENT) -> dict[UUID, list[Result]]:
    """Up to `limit` results per monitor, newest first."""
    found: dict[UUID, list[Result]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, {"ids": list(monitor_ids), "limit": limit})
        for monitor_id, checked_at, reason, status_code, response_ms, phases in cursor.fetchall():
            known = Phases(*phases) if phases else None
            found[monitor_id].append(
                Result(monitor_id, checked_at, Reason(reason), status_code, response_ms, known)
            )
    return found


def _of(project: Project) -> MonitorQuerySet:
    return Monitor.objects.filter(project=project)


_RECENT = """
    SELECT monitor_id, checked_at, reason, status_code, response_ms, phases
    FROM unnest(%(ids)s::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT * FROM check_result
        WHERE monitor_id = wanted.id
        ORDER BY checked_at DESC
        LIMIT %(limit)s
    ) AS result
"""
