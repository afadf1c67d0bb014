"""Components together with the monitors that watch them."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents.reads import stories_of
from monitoring.actions.monitors import create_monitor, delete_monitor
from monitoring.models import ComponentMonitor, Monitor
from pages import actions as page_actions
from pages.models import Component, ComponentGroup, Page
from pages.versions import changing

# So many stories are named in a refusal.
NAMED = 3


def add_component(
    *,
    page: Page,
    name: str,
    actor: Actor,
    at: datetime,
    slug: str = "",
    group: ComponentGroup | None = None,
    description: str | None = None,
    position: int = 0,
    failure_threshold: int = 1,
    recovery_threshold: int = 1,
) -> Component:
    """`create_component` and `monitor_new_component` in one transaction.

    Raises Refused or Invalid.
    """
    require(actor, Action.COMPONENT_CREATE, page.project, obj=page)
    require(actor, Action.MONITOR_CREATE, page.project, obj=page)
    with transaction.atomic():
        component = page_actions.create_component(
            page=page,
            name=name,
            actor=actor,
            at=at,
            slug=slug,
            group=group,
            description=description,
            position=position,
            failure_threshold=failure_threshold,
            recovery_threshold=recovery_threshold,
        )
        monitor_new_component(component=component, actor=actor, at=at)
    return component


def delete_component(*, component: Component, actor: Actor, at: datetime) -> None:
    """Deletes it and the monitors that nothing else follows, in one transaction.

    Raises Conflict while an incident or a maintenance that is not over names it, and Refused.
    """
    project = component.page.project
    require(actor, Action.COMPONENT_DELETE, project, obj=component)
    require(actor, Action.MONITOR_DELETE, project, obj=component)
    with changing(component.page_id):
        _require_untold(component)
        elsewhere = ComponentMonitor.objects.exclude(component=component).values("monitor")
        alone = list(component.monitors.exclude(id__in=elsewhere).order_by("id"))
        # First, so that what its monitors claimed is not announced as over.
        page_actions.delete_component(component=component, actor=actor, at=at)
        for monitor in alone:
            delete_monitor(monitor=monitor, actor=actor, at=at)


def _require_untold(component: Component) -> None:
    names = list(stories_of(component).values_list("name", flat=True)[:NAMED])
    if names:
        raise page_actions.Conflict(
            "component", f"End this first, it names {component.name}: {', '.join(names)}."
        )


def monitor_new_component(*, component: Component, actor: Actor, at: datetime) -> Monitor | None:
    """Makes the monitor of `<HEALTH_BASE_URL>/health/<slug>`; None when no base is set."""
    if not settings.HEALTH_BASE_URL:
        return None
    return create_monitor(
        project=component.page.project,
        name=component.name,
        url=f"{settings.HEALTH_BASE_URL}/health/{component.slug}",
        components=[component],
        actor=actor,
        at=at,
    )
