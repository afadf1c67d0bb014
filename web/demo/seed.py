"""Writes the demo page through the verbs that operators use, so that its history is true."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from accounts.actor import MONITOR, SYSTEM
from accounts.models import Project
from incidents.actions import (
    add_page,
    create_series,
    finish_early,
    open_incident,
    post_update,
    publish_postmortem,
    save_postmortem,
    schedule_maintenance,
    start_now,
)
from incidents.walltime import local
from monitoring.actions import create_monitor, update_monitor
from monitoring.models import Monitor
from pages import claims, days, sources
from pages.actions import create_component, create_group, publish_page
from pages.models import Component, Page
from pages.versions import changing
from subscribers import requests, vault
from subscribers.actions import request_subscription, verify
from subscribers.message import Kind
from web.demo import story, target

# The shortest interval there is: whoever breaks the demo wants to see it.
INTERVAL_S = 10


@transaction.atomic
def seed(*, project: Project, at: datetime) -> Page:
    """Makes the page with its history and its monitors, and publishes it."""
    page = add_page(
        project=project,
        name=story.NAME,
        subdomain=story.SUBDOMAIN,
        auto_publish_after=0,
        actor=SYSTEM,
        at=at - story.HISTORY,
    )
    components = _make_components(page, at=at - story.HISTORY)
    _tell_troubles(page, components, at=at)
    # Before the page is public, so that nobody is told what is long over.
    for told in story.STORIES:
        _tell(page, told, components, at=at)
    _maintain(page, components, at=at)
    days.fold_finished_days(at=at)
    _plan_upkeep(page, components, at=at)
    _make_monitors(project, components, at=at)
    page = publish_page(page=page, actor=SYSTEM, at=at)
    if not settings.EMAIL_URL:
        _subscribe(page, at=at)
    return page


def aim_monitors(*, project: Project, at: datetime) -> None:
    """Points the demo's monitors at the ports of this start."""
    for slug, url in _targets().items():
        for monitor in Monitor.objects.filter(
            project=project,
            components__slug=slug,
            components__page__subdomain=story.SUBDOMAIN,
            url__startswith="http://127.0.0.1:",
        ).exclude(url=url):
            update_monitor(monitor=monitor, url=url, actor=SYSTEM, at=at)


def _targets() -> dict[str, str]:
    return {
        story.WEBSITE: f"http://127.0.0.1:{settings.PORT}/livez",
        story.CHECKOUT: f"http://127.0.0.1:{target.port()}/",
    }


def _make_components(page: Page, *, at: datetime) -> dict[str, Component]:
    components = {}
    for group_position, (name, parts) in enumerate(story.GROUPS):
        group = create_group(page=page, name=name, position=group_position, actor=SYSTEM, at=at)
        for position, part in enumerate(parts):
            components[part.slug] = create_component(
                page=page,
                group=group,
                name=part.name,
                slug=part.slug,
                description=part.description,
                position=position,
                actor=SYSTEM,
                at=at,
            )
    return components


def _tell_troubles(page: Page, components: dict[str, Component], *, at: datetime) -> None:
    with changing(page.pk):
        for trouble in story.TROUBLES:
            began = at - trouble.before
            for status, since in ((trouble.status, began), (None, began + trouble.lasted)):
                claims.apply(
                    component=components[trouble.slug],
                    source=sources.CHECKS,
                    status=status,
                    since=since,
                    actor=MONITOR.label,
                )


def _tell(page: Page, told: story.Story, components: dict[str, Component], *, at: datetime) -> None:
    began, (first, *rest) = at - told.before, told.updates
    incident = open_incident(
        page=page,
        name=told.name,
        body=first.body,
        status=first.status,
        statuses={components[slug]: status for slug, status in first.statuses},
        actor=SYSTEM,
        at=began,
    )
    for update in rest:
        post_update(
            incident=incident,
            status=update.status,
            body=update.body,
            statuses={components[slug]: status for slug, status in update.statuses},
            actor=SYSTEM,
            at=began + update.after,
        )
    if told.postmortem:
        written_at = began + timedelta(days=2)
        save_postmortem(incident=incident, body=told.postmortem, actor=SYSTEM, at=written_at)
        publish_postmortem(incident=incident, notify=False, actor=SYSTEM, at=written_at)


def _maintain(page: Page, components: dict[str, Component], *, at: datetime) -> None:
    """A maintenance that was planned, took place and is over."""
    plan = story.MAINTENANCE
    began = at - plan.before
    maintenance = schedule_maintenance(
        page=page,
        name=plan.name,
        body=plan.body,
        components=[components[slug] for slug in plan.slugs],
        starts_at=began,
        ends_at=began + plan.lasted,
        actor=SYSTEM,
        at=began - timedelta(days=3),
    )
    start_now(maintenance=maintenance, actor=SYSTEM, at=began)
    finish_early(maintenance=maintenance, body=plan.closing, actor=SYSTEM, at=began + plan.lasted)


def _plan_upkeep(page: Page, components: dict[str, Component], *, at: datetime) -> None:
    """A maintenance that recurs; its next occurrences stand on the page."""
    upkeep = story.UPKEEP
    today = local(at, ZoneInfo(page.timezone)).date()
    first = today + timedelta(days=(upkeep.weekday - today.weekday()) % 7 or 7)
    create_series(
        page=page,
        name=upkeep.name,
        body=upkeep.body,
        rule=upkeep.rule,
        first_start=datetime.combine(first, time.fromisoformat(upkeep.clock)),
        minutes=upkeep.minutes,
        components=[components[slug] for slug in upkeep.slugs],
        actor=SYSTEM,
        at=at,
    )


def _make_monitors(project: Project, components: dict[str, Component], *, at: datetime) -> None:
    for slug, url in _targets().items():
        create_monitor(
            project=project,
            name=components[slug].name,
            url=url,
            components=[components[slug]],
            interval_s=INTERVAL_S,
            actor=SYSTEM,
            at=at,
        )


def _subscribe(page: Page, *, at: datetime) -> None:
    """Two who signed up and followed the link of their mail; all of it are files here."""
    for address in story.SUBSCRIBERS:
        request_subscription(page=page, email=address, component_ids=(), at=at)
    requests.decide_all(at=at)
    for mail in page.notifications.filter(kind=Kind.VERIFICATION):
        verify(vault.secret_of(mail), at=at)
