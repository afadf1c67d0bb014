"""The order of a story: messages of one topic leave in the order in which they were told."""

from uuid import UUID

from django.db.models import Max
from django.db.models.functions import Least

from pages.versions import require_lock
from subscribers.models import Notification


def append(notification: Notification) -> None:
    """Gives an unsaved message the next place in its story, and takes along what waits."""
    require_lock(notification.page_id)
    if notification.topic:
        notification.sequence = _next_place(notification.topic)
        take_along_older(notification)


def take_along_older(newer: Notification) -> None:
    """No older message of the story is held for longer than `newer`, so none is overtaken.

    What the relay holds at this moment is on its way already, and is not waited for.
    """
    older = Notification.objects.unsent().filter(
        topic=newer.topic, sequence__lt=newer.sequence, hold_until__isnull=False
    )
    waiting = older.select_for_update(skip_locked=True).values("pk")
    until = newer.hold_until
    Notification.objects.filter(pk__in=waiting).update(
        hold_until=None if until is None else Least("hold_until", until)
    )


def _next_place(topic: UUID) -> int:
    last: int | None = Notification.objects.filter(topic=topic).aggregate(last=Max("sequence"))[
        "last"
    ]
    return (last or 0) + 1
