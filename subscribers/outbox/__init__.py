"""The outbox: news is written in the transaction of the fact it tells, and sent later."""

from subscribers.outbox.changes import (
    drop_changes_of,
    drop_component_changes,
    note_component_changes,
)
from subscribers.outbox.holds import (
    held_story_until,
    held_until,
    release_held,
    rewrite_held,
    unsent,
    withdraw_held,
)
from subscribers.outbox.news import (
    News,
    enqueue,
    enqueue_all,
    enqueue_for_operator,
    enqueue_for_operators,
    enqueue_for_subscriber,
)

__all__ = [
    "News",
    "drop_changes_of",
    "drop_component_changes",
    "enqueue",
    "enqueue_all",
    "enqueue_for_operator",
    "enqueue_for_operators",
    "enqueue_for_subscriber",
    "held_story_until",
    "held_until",
    "note_component_changes",
    "release_held",
    "rewrite_held",
    "unsent",
    "withdraw_held",
]
