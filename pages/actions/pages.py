"""Making, changing, publishing and archiving pages."""

from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.ids import new_id
from accounts.models import Project
from accounts.roles import Action
from pages import days, slugs
from pages.actions.invalid import Invalid, line, naming, require_within
from pages.models import Page
from pages.versions import changing

A_WEEK_IN_MINUTES = 7 * 24 * 60
LONGEST_HOLD_S = 300


class PageChanges(TypedDict, total=False):
    """What `update_page` can set; what is left out stays."""

    name: str
    subdomain: str
    timezone: str
    auto_publish_after: int | None
    notify_component_changes: bool
    hold_seconds: int
    auto_resolve: bool
    partial_weight: float
    degraded_weight: float


def create_page(
    *,
    project: Project,
    name: str,
    actor: Actor,
    at: datetime,
    subdomain: str = "",
    timezone: str = "UTC",
    auto_publish_after: int | None = 5,
) -> Page:
    """Makes a draft page; without a `subdomain` its own id stands in its address.

    Raises Refused or Invalid.
    """
    require(actor, Action.PAGE_CREATE, project)
    page_id = new_id()
    values = _valid(
        page_id,
        name=name,
        subdomain=subdomain or str(page_id),
        timezone=timezone,
        auto_publish_after=auto_publish_after,
    )
    page = Page(
        id=page_id,
        organization_id=project.organization_id,
        project=project,
        created_by=actor.user,
        created_at=at,
        updated_at=at,
        **values,
    )
    with transaction.atomic():
        _save(page, force_insert=True)
        audit.record(actor=actor, action=Action.PAGE_CREATE, obj=page, project=project, at=at)
    return page


def update_page(*, page: Page, actor: Actor, at: datetime, **changes: Unpack[PageChanges]) -> Page:
    """Changes the given settings; a new zone folds all finished days again.

    Raises Refused or Invalid.
    """
    require(actor, Action.PAGE_UPDATE, page.project, obj=page)
    values = _valid(page.pk, **changes)
    with changing(page.pk) as [locked]:
        old_zone = locked.timezone
        for name, value in values.items():
            setattr(locked, name, value)
        _save(locked, update_fields=list(values))
        if locked.timezone != old_zone:
            days.refold_page(locked, at=at)
        _record(Action.PAGE_UPDATE, locked, actor, at, dict(values))
    return locked


def publish_page(*, page: Page, actor: Actor, at: datetime) -> Page:
    """Makes the page public."""
    return _move(page, Page.State.PUBLISHED, Action.PAGE_PUBLISH, actor, at)


def unpublish_page(*, page: Page, actor: Actor, at: datetime) -> Page:
    """Makes the page a draft again: not found by visitors."""
    return _move(page, Page.State.DRAFT, Action.PAGE_PUBLISH, actor, at)


def archive_page(*, page: Page, actor: Actor, at: datetime) -> Page:
    """Puts the page away: kept whole, not found by visitors."""
    return _move(page, Page.State.ARCHIVED, Action.PAGE_ARCHIVE, actor, at)


def _move(page: Page, state: Page.State, action: Action, actor: Actor, at: datetime) -> Page:
    require(actor, action, page.project, obj=page)
    with changing(page.pk) as [locked]:
        detail: dict[str, object] = {"status": [locked.status, state.value]}
        locked.status = state
        locked.save(update_fields=["status"])
        _record(action, locked, actor, at, detail)
    return locked


def _valid(page_id: UUID, **changes: Unpack[PageChanges]) -> PageChanges:
    """The given settings, tidied; raises Invalid for the first that cannot be."""
    if "name" in changes:
        changes["name"] = line("name", changes["name"])
    if "subdomain" in changes:
        with naming("subdomain"):
            changes["subdomain"] = slugs.subdomain(changes["subdomain"], own_id=page_id)
    if "timezone" in changes and changes["timezone"] not in available_timezones():
        raise Invalid("timezone", "Use a zone such as UTC or Europe/Berlin.")
    minutes = changes.get("auto_publish_after")
    if minutes is not None:
        require_within("auto_publish_after", minutes, 0, A_WEEK_IN_MINUTES)
    require_within("hold_seconds", changes.get("hold_seconds", 0), 0, LONGEST_HOLD_S)
    require_within("partial_weight", changes.get("partial_weight", 0), 0, 1)
    require_within("degraded_weight", changes.get("degraded_weight", 0), 0, 1)
    return changes


def _save(
    page: Page, *, force_insert: bool = False, update_fields: list[str] | None = None
) -> None:
    """Saves; the database decides whether the subdomain is free."""
    try:
        with transaction.atomic():
            page.save(force_insert=force_insert, update_fields=update_fields)
    except IntegrityError:
        if Page.objects.filter(subdomain=page.subdomain).exclude(pk=page.pk).exists():
            raise Invalid("subdomain", "Another page has this name.") from None
        raise


def _record(
    action: Action, page: Page, actor: Actor, at: datetime, detail: dict[str, object]
) -> None:
    audit.record(actor=actor, action=action, obj=page, project=page.project, at=at, detail=detail)
