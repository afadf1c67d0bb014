"""The outbox: news is written in the transaction of the fact it tells, and sent later."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from accounts.ids import new_id
from pages.claims import Change
from pages.links import page_url
from pages.models import Page
from pages.versions import require_lock
from subscribers import component_notice, vault, wake
from subscribers.message import Fact, Kind, Message, from_json, to_json
from subscribers.models import Notification, Subscriber

# Component changes wait this long for others, and for their own end.
CALM = timedelta(minutes=2)


def enqueue(
    *,
    page: Page,
    message: Message,
    at: datetime,
    component_ids: Iterable[UUID] | None = None,
    hold_until: datetime | None = None,
) -> Notification:
    """Tells the page's subscribers who follow one of the components, or everything.

    None is news of the whole page, for every subscriber. A message with a topic is enqueued
    under the page's lock, which orders the story.
    """
    return _store(
        Notification(
            page=page,
            kind=message.kind,
            topic=message.topic,
            message=to_json(message),
            audience=Notification.Audience.SUBSCRIBERS,
            component_ids=None if component_ids is None else list(component_ids),
            hold_until=hold_until,
            created_at=at,
        )
    )


def enqueue_for_operators(*, page: Page, message: Message, at: datetime) -> Notification:
    """Tells the people who can act on the page."""
    return _store(
        Notification(
            page=page,
            kind=message.kind,
            topic=message.topic,
            message=to_json(message),
            audience=Notification.Audience.OPERATORS,
            created_at=at,
        )
    )


def enqueue_for_subscriber(
    *, subscriber: Subscriber, message: Message, at: datetime, secret: str = ""
) -> Notification:
    """Tells one subscriber, verified or not; `secret` is a one-time token for the mail."""
    row = new_id()
    return _store(
        Notification(
            id=row,
            page_id=subscriber.page_id,
            kind=message.kind,
            message=to_json(message),
            audience=Notification.Audience.SUBSCRIBER,
            subscriber=subscriber,
            secret=vault.SECRET.seal(secret, row=row) if secret else None,
            created_at=at,
        )
    )


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
    require_lock(page.pk)
    notice = _open_notice(page)
    if notice:
        kept = [fact for fact in _facts(notice) if fact.component_id not in component_ids]
        _rewrite(notice, page, kept)


def _open_notice(page: Page) -> Notification | None:
    """The lock on the row keeps the relay from sending it while it is edited."""
    return (
        Notification.objects.unsent()
        .filter(page=page, kind=Kind.COMPONENT_CHANGED)
        .select_for_update()
        .first()
    )


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


def _store(notification: Notification) -> Notification:
    if notification.topic:
        require_lock(notification.page_id)
        notification.sequence = _next_in_story(notification.topic)
    notification.save(force_insert=True)
    wake.wake_after_commit(wake.RELAY)
    return notification


def _next_in_story(topic: UUID) -> int:
    last: int | None = Notification.objects.filter(topic=topic).aggregate(last=Max("sequence"))[
        "last"
    ]
    return (last or 0) + 1
