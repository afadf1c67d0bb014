"""The order of a story: messages of one topic leave in the order in which they were told."""

from collections.abc import Sequence

from django.db.models import Max
from django.db.models.functions import Least

from pages.versions import require_lock
from subscribers.models import Notification


def append(notifications: Sequence[Notification]) -> None:
    """Gives unsaved messages the next places in their stories, and takes along what waits.

    At most one of a story; all have a topic.
    """
    topics = [each.topic for each in notifications]
    told = Notification.objects.filter(topic__in=topics)
    places = dict(told.values_list("topic").annotate(Max("sequence")).order_by())
    held = set(told.unsent().filter(hold_until__isnull=False).values_list("topic", flat=True))
    for each in notifications:
        require_lock(each.page_id)
        each.sequence = places.get(each.topic, 0) + 1
        if each.topic in held:
            take_along_older(each)


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
