"""Fan-out: a notification becomes one delivery per recipient, in one statement."""

import logging

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, UUIDField, Value
from django.db.models.functions import Now
from django.utils.timezone import now

from accounts.models import User
from subscribers import audience
from subscribers.models import Notification, Subscriber
from subscribers.retry import put_off

log = logging.getLogger(__name__)

_FAN_OUT = """
    INSERT INTO subscribers_delivery (
        notification_id, page_id, channel, subscriber_id, operator_id,
        state, attempts, next_attempt_at, last_answer, refusal, created_at
    )
    SELECT %s, %s, recipient.channel, recipient.subscriber_id::uuid, recipient.operator_id::uuid,
           'pending', 0, now(), '', '', now()
    FROM ({recipients}) AS recipient (channel, subscriber_id, operator_id)
    ON CONFLICT DO NOTHING
"""

_SUPERSEDE = """
    UPDATE subscribers_delivery AS older
    SET state = 'skipped', last_answer = 'superseded'
    FROM subscribers_notification AS old, subscribers_delivery AS newer
    WHERE old.topic = %(topic)s
      AND old.sequence < %(sequence)s
      AND older.notification_id = old.id
      AND older.state = 'pending'
      AND newer.notification_id = %(notification)s
      AND newer.subscriber_id = older.subscriber_id
"""


def fan_out_all() -> int:
    """Takes up everything that is due and returns how many notifications that were."""
    count = 0
    while fan_out_next():
        count += 1
    return count


@transaction.atomic
def fan_out_next() -> bool:
    """Fans out the oldest due notification that no other worker holds; False without one.

    One that cannot be fanned out is put off, so that the others are not held up by it.
    """
    notification = (
        Notification.objects.unsent()
        .filter(Q(hold_until__isnull=True) | Q(hold_until__lte=Now()))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("page")
        .order_by("created_at", "id")
        .first()
    )
    if notification is None:
        return False
    row = Notification.objects.filter(pk=notification.pk)
    try:
        with transaction.atomic():
            _fan_out(notification)
    except Exception:
        log.exception("notification %s cannot be fanned out and is put off", notification.pk)
        row.update(hold_until=Now() + put_off(now() - notification.created_at))
    else:
        row.update(fanned_out_at=Now())
    return True


def _fan_out(notification: Notification) -> None:
    _write_deliveries(notification)
    if notification.topic:
        _supersede(notification)


def _write_deliveries(notification: Notification) -> None:
    recipients, parameters = _recipients(notification).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            _FAN_OUT.format(recipients=recipients),
            [notification.pk, notification.page_id, *parameters],
        )


def _recipients(notification: Notification) -> QuerySet[Subscriber] | QuerySet[User]:
    """Rows of (channel, subscriber, operator)."""
    match notification.audience:
        case Notification.Audience.SUBSCRIBERS:
            told = audience.followers(notification.page, notification.component_ids)
        case Notification.Audience.SUBSCRIBER:
            told = Subscriber.objects.filter(pk__in=[notification.subscriber_id])
        case Notification.Audience.OPERATOR:
            return _by_mail(User.objects.filter(pk__in=[notification.operator_id]))
        case _:
            return _by_mail(audience.operators(notification.page.project))
    return told.values_list(F("mode"), F("pk"), Value(None, UUIDField()))


def _by_mail(people: QuerySet[User]) -> QuerySet[User]:
    return people.values_list(Value(Subscriber.Mode.EMAIL.value), Value(None, UUIDField()), F("pk"))


def _supersede(notification: Notification) -> None:
    """Who gets this message need not get the older ones of its story any more.

    Those a worker holds at this moment it skips by itself, see `leases`.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SUPERSEDE,
            {
                "topic": notification.topic,
                "notification": notification.pk,
                "sequence": notification.sequence,
            },
        )
