"""How a delivery ends. Each change is one statement, and counts only under our own lease."""

import random
from uuid import UUID

from django.db import connection

from subscribers.channels.base import Blame, DeliveryError
from subscribers.models import Delivery, Notification
from subscribers.retry import MAX_ATTEMPTS, delay

_ANSWER_LIMIT = 500


def accept(delivery: Delivery, answer: str) -> None:
    _set(delivery, _ACCEPT, answer=_plain(answer))


def wipe_secret(notification_id: UUID) -> None:
    """Once its mail is out, a one-time token is nowhere but in that mail."""
    Notification.objects.filter(pk=notification_id).update(secret=None)


def fail(delivery: Delivery, answer: str, *, refusal: str = "") -> None:
    _set(delivery, _FAIL, answer=_plain(answer), refusal=refusal)


def retry_or_fail(delivery: Delivery, error: DeliveryError) -> None:
    """Another attempt later, unless the error says that there is no point in one."""
    answer = _plain(str(error))
    tries = MAX_ATTEMPTS if error.tries is None else error.tries
    if error.blame is Blame.PAGE and not _others_were_sent(delivery):
        # Everything of the page is refused: it waits for somebody to mend that.
        tries = MAX_ATTEMPTS
    hopeless = (
        error.permanent
        or delivery.attempts >= tries
        or (error.once and delivery.last_answer == answer)
    )
    if hopeless:
        fail(delivery, answer, refusal=error.refusal or "")
        return
    wait = delay(delivery.attempts, chance=random.random())  # noqa: S311 (spreads load)
    _set(delivery, _RETRY, answer=answer, seconds=wait.total_seconds())


def _others_were_sent(delivery: Delivery) -> bool:
    return Delivery.objects.filter(
        notification_id=delivery.notification_id, state=Delivery.State.SENT
    ).exists()


def _set(delivery: Delivery, statement: str, **parameters: str | float | UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": delivery.pk, "token": delivery.lease_token, **parameters})


def _plain(answer: str) -> str:
    """One line that PostgreSQL can hold, whatever a server wrote."""
    shown = "".join(letter if letter.isprintable() else " " for letter in answer)
    return shown[:_ANSWER_LIMIT]


_ACCEPT = """
    UPDATE subscribers_delivery
    SET state = 'sent', sent_at = now(), last_answer = %(answer)s,
        lease_token = NULL, lease_until = NULL
    WHERE id = %(id)s AND lease_token = %(token)s
"""
_FAIL = """
    UPDATE subscribers_delivery
    SET state = 'failed', last_answer = %(answer)s, refusal = %(refusal)s,
        lease_token = NULL, lease_until = NULL
    WHERE id = %(id)s AND lease_token = %(token)s
"""
_RETRY = """
    UPDATE subscribers_delivery
    SET state = 'pending', last_answer = %(answer)s,
        next_attempt_at = now() + make_interval(secs => %(seconds)s),
        lease_token = NULL, lease_until = NULL
    WHERE id = %(id)s AND lease_token = %(token)s
"""
