"""A new component with the monitor that watches it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from monitoring.actions.monitors import create_monitor
from monitoring.models import Monitor
from pages.actions import create_component
from pages.models import Component, ComponentGroup, Page


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
        component = create_component(
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
