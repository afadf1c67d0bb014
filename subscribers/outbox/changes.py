"""Component changes that no incident covers: told together, two minutes later."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from pages.claims import Change
from pages.links import page_url
from pages.models import Page
from pages.versions import require_lock
from subscribers import component_notice
from subscribers.message import Fact, Kind, from_json, to_json
from subscribers.models import Notification
from subscribers.outbox.news import enqueue

# Component changes wait this long for others, and for their own end.
CALM = timedelta(minutes=2)


def note_component_changes(*, page: Page, changes: Sequence[Change], at: datetime) -> None:
    """Adds the changes to the page's open notice, or opens one that leaves in two minutes.

    A component that is back where it was leaves the notice. Call it under the page's lock.
    """
    require_lock(page.pk)
    if not page.notify_component_changes:
        return
    notice = _open_notice(page)
    facts = component_notice.merge(_facts(notice), changes)
    if notice:
        _rewrite(notice, page, facts)
    elif facts:
        enqueue(
            page=page,
            message=component_notice.compose(facts, page_url=page_url(page), at=at),
            at=at,
            component_ids=[fact.component_id for fact in facts],
            hold_until=at + CALM,
        )


def drop_component_changes(*, page: Page, component_ids: Collection[UUID]) -> None:
    """Takes components out of the open notice: an incident tells of them now."""
    drop_changes_of({page: component_ids})


def drop_changes_of(covered: Mapping[Page, Collection[UUID]]) -> None:
    """Takes components, by their page, out of the open notices of many pages."""
    for page in covered:
        require_lock(page.pk)
    notices = _open_notices().filter(page__in=covered)
    by_page = {notice.page_id: notice for notice in notices.order_by("-pk")}
    for page, component_ids in covered.items():
        notice = by_page.get(page.pk)
        if notice:
            kept = [fact for fact in _facts(notice) if fact.component_id not in component_ids]
            _rewrite(notice, page, kept)


def _open_notices() -> QuerySet[Notification]:
    """The lock on the rows keeps the relay from sending them while they are edited."""
    unsent = Notification.objects.unsent().filter(kind=Kind.COMPONENT_CHANGED)
    return unsent.select_for_update()


def _open_notice(page: Page) -> Notification | None:
    return _open_notices().filter(page=page).first()


def _facts(notice: Notification | None) -> tuple[Fact, ...]:
    return from_json(notice.message).facts if notice else ()


def _rewrite(notice: Notification, page: Page, facts: Sequence[Fact]) -> None:
    if not facts:
        notice.delete()
        return
    occurred_at = from_json(notice.message).occurred_at
    message = component_notice.compose(facts, page_url=page_url(page), at=occurred_at)
    notice.message = to_json(message)
    notice.component_ids = [fact.component_id for fact in facts]
    notice.save(update_fields=["message", "component_ids"])
