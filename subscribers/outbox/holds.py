"""News that is held back: until the relay takes it up it may be rewritten, withdrawn or sent.

Each verb runs under the page's lock and waits for the relay, so that its answer is final:
True and nobody has been told, or False and everybody is.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from pages.versions import require_lock
from subscribers import wake
from subscribers.message import Message, to_json
from subscribers.models import Notification
from subscribers.outbox import story


def rewrite_held(*, notification_id: UUID, message: Message) -> bool:
    """Sends `message` instead, to the same people at the same time."""
    held = _lock_unsent(notification_id)
    if held is None:
        return False
    held.kind = message.kind
    held.message = to_json(message)
    held.save(update_fields=["kind", "message"])
    return True


def withdraw_held(*, notification_id: UUID) -> bool:
    """Deletes the notification: nobody is told."""
    held = _lock_unsent(notification_id)
    if held is None:
        return False
    held.delete()
    return True


def release_held(*, notification_id: UUID) -> bool:
    """Sends it now, and before it what was told earlier of its story."""
    held = _lock_unsent(notification_id)
    if held is None:
        return False
    held.hold_until = None
    held.save(update_fields=["hold_until"])
    if held.topic:
        story.take_along_older(held)
    wake.wake_after_commit(wake.RELAY)
    return True


def held_until(notification_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of them leaves; those that have left, or wait for nothing, are missing."""
    held = Notification.objects.unsent().filter(pk__in=notification_ids, hold_until__isnull=False)
    return {pk: until for pk, until in held.values_list("pk", "hold_until") if until}


def unsent(notification_ids: Collection[UUID]) -> set[UUID]:
    """Those of them that nobody has been told of yet, held or not."""
    rows = Notification.objects.unsent().filter(pk__in=notification_ids)
    return set(rows.values_list("pk", flat=True))


def held_story_until(topics: Collection[UUID]) -> dict[UUID, datetime]:
    """When the last held message of each story leaves; stories that hold nothing are missing."""
    held = Notification.objects.unsent().filter(topic__in=topics, hold_until__isnull=False)
    return dict(held.values_list("topic").annotate(Max("hold_until")).order_by())


def _lock_unsent(notification_id: UUID) -> Notification | None:
    """The row, locked against the relay; None when that has taken it up, or it is gone."""
    unsent = Notification.objects.unsent().filter(pk=notification_id)
    held = unsent.select_for_update().first()
    if held:
        require_lock(held.page_id)
    return held
