"""Writing news: to those who follow it, to the operators, to one person."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.ids import new_id
from accounts.models import User
from pages.models import Page
from subscribers import vault, wake
from subscribers.message import Message, to_json
from subscribers.models import Notification, Subscriber
from subscribers.outbox import story


@dataclass(frozen=True, slots=True)
class News:
    """A message for those of a page's subscribers who follow one of the components, or all.

    None is news of the whole page, for every subscriber. Until `hold_until` it may still
    change or be withdrawn; a newer message of the story does not overtake it, but takes it
    along.
    """

    page: Page
    message: Message
    component_ids: Collection[UUID] | None = None
    hold_until: datetime | None = None


def enqueue(
    *,
    page: Page,
    message: Message,
    at: datetime,
    component_ids: Collection[UUID] | None = None,
    hold_until: datetime | None = None,
) -> Notification:
    """Tells news. A message with a topic is enqueued under the page's lock, which orders it."""
    return enqueue_all([News(page, message, component_ids, hold_until)], at=at)[0]


def enqueue_all(news: Iterable[News], *, at: datetime) -> list[Notification]:
    """Tells news of many stories, one message of each, in a fixed number of queries."""
    return _store_all(
        [
            Notification(
                page=each.page,
                kind=each.message.kind,
                topic=each.message.topic,
                message=to_json(each.message),
                audience=Notification.Audience.SUBSCRIBERS,
                component_ids=None if each.component_ids is None else list(each.component_ids),
                hold_until=each.hold_until,
                created_at=at,
            )
            for each in news
        ]
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


def enqueue_for_operator(
    *, page: Page, operator: User, message: Message, at: datetime, secret: str = ""
) -> Notification:
    """Tells one of the people who can act on the page, apart from any story.

    `secret` is a one-time token for the mail: 64 hexadecimal characters.
    """
    row = new_id()
    return _store(
        Notification(
            id=row,
            page=page,
            kind=message.kind,
            message=to_json(message),
            audience=Notification.Audience.OPERATOR,
            operator=operator,
            secret=_sealed(secret, row=row),
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
            secret=_sealed(secret, row=row),
            created_at=at,
        )
    )


def _sealed(secret: str, *, row: UUID) -> bytes | None:
    return vault.SECRET.seal(secret, row=row) if secret else None


def _store(notification: Notification) -> Notification:
    return _store_all([notification])[0]


def _store_all(notifications: list[Notification]) -> list[Notification]:
    story.append([each for each in notifications if each.topic])
    Notification.objects.bulk_create(notifications)
    if notifications:
        wake.wake_after_commit(wake.RELAY)
    return notifications
