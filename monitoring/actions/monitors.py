"""Making, changing and deleting monitors."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.models import Project
from accounts.roles import Action
from monitoring.addresses import Policy
from monitoring.following import forget_monitor
from monitoring.models import ComponentMonitor, Monitor
from monitoring.targets import parse_target
from pages.actions.invalid import Invalid, line, naming, require_within
from pages.models import Component
from pages.versions import changing

INTERVAL_S = (10, 86_400)
# Well below a shift: a check that one hands over must fit into the next.
TIMEOUT_MS = (100, 30_000)


class MonitorChanges(TypedDict, total=False):
    """What `update_monitor` can set; what is left out stays."""

    name: str
    url: str
    interval_s: int
    timeout_ms: int
    enabled: bool


def create_monitor(
    *,
    project: Project,
    name: str,
    url: str,
    actor: Actor,
    at: datetime,
    components: Iterable[Component] = (),
    interval_s: int = 60,
    timeout_ms: int = 5000,
) -> Monitor:
    """Makes a monitor that is due at once. Raises Refused or Invalid."""
    require(actor, Action.MONITOR_CREATE, project)
    linked = list(components)
    if any(component.page.project_id != project.pk for component in linked):
        raise Invalid("components", "Choose components of this project.")
    monitor = Monitor(project=project, anchor_at=at, next_check_at=at, created_at=at, updated_at=at)
    _apply(monitor, {"name": name, "url": url, "interval_s": interval_s, "timeout_ms": timeout_ms})
    with transaction.atomic():
        monitor.save()
        ComponentMonitor.objects.bulk_create(
            ComponentMonitor(component=component, monitor=monitor, created_at=at)
            for component in linked
        )
        _record(Action.MONITOR_CREATE, monitor, actor, at, {"name": monitor.name})
    return monitor


def update_monitor(
    *, monitor: Monitor, actor: Actor, at: datetime, **changes: Unpack[MonitorChanges]
) -> Monitor:
    """Raises Refused or Invalid. A monitor that is switched off says nothing any more."""
    require(actor, Action.MONITOR_UPDATE, monitor.project, obj=monitor)
    with changing(*_pages(monitor)) as pages:
        locked = Monitor.objects.select_related("project").select_for_update(of=("self",))
        monitor = locked.get(pk=monitor.pk)
        was_enabled = monitor.enabled
        _apply(monitor, changes)
        monitor.updated_at = monitor.next_check_at = at
        fields = [*changes, "updated_at", "next_check_at"]
        if was_enabled and not monitor.enabled:
            forget_monitor(monitor_id=monitor.pk, pages=pages, at=at)
        elif monitor.enabled and not was_enabled:
            fields += _begin_anew(monitor, at)
        monitor.save(update_fields=fields)
        _record(Action.MONITOR_UPDATE, monitor, actor, at, {"changed": sorted(changes)})
    return monitor


def delete_monitor(*, monitor: Monitor, actor: Actor, at: datetime) -> None:
    """Deletes it; its results stay until their days are dropped. Raises Refused."""
    require(actor, Action.MONITOR_DELETE, monitor.project, obj=monitor)
    with changing(*_pages(monitor)) as pages:
        forget_monitor(monitor_id=monitor.pk, pages=pages, at=at)
        _record(Action.MONITOR_DELETE, monitor, actor, at, {"name": monitor.name})
        monitor.delete()


def _apply(monitor: Monitor, changes: MonitorChanges) -> None:
    if "name" in changes:
        monitor.name = line("name", changes["name"])
    if "url" in changes:
        with naming("url"):
            policy = Policy.of(settings.MONITOR_ALLOWED_NETWORKS)
            monitor.url = parse_target(changes["url"], policy=policy)
    if "interval_s" in changes:
        require_within("interval_s", changes["interval_s"], *INTERVAL_S)
        monitor.interval_s = changes["interval_s"]
    if "timeout_ms" in changes:
        require_within("timeout_ms", changes["timeout_ms"], *TIMEOUT_MS)
        monitor.timeout_ms = changes["timeout_ms"]
    if "enabled" in changes:
        monitor.enabled = changes["enabled"]
    # So that a monitor is never checked twice at the same time.
    if monitor.timeout_ms >= monitor.interval_s * 1000:
        raise Invalid("timeout_ms", "The timeout must be shorter than the interval.")


def _begin_anew(monitor: Monitor, at: datetime) -> list[str]:
    """Forgets the run that ended when it was switched off; returns the fields it sets."""
    monitor.anchor_at = at
    monitor.verdict = monitor.streak_since = monitor.last_result_at = None
    monitor.streak = 0
    return ["anchor_at", "verdict", "streak", "streak_since", "last_result_at"]


def _pages(monitor: Monitor) -> list[UUID]:
    return list(monitor.components.order_by().values_list("page_id", flat=True).distinct())


def _record(
    action: Action, monitor: Monitor, actor: Actor, at: datetime, detail: dict[str, object]
) -> None:
    """Without the address: it may hold a secret."""
    audit.record(
        actor=actor, action=action, obj=monitor, project=monitor.project, at=at, detail=detail
    )
