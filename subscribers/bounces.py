"""What refused recipients mean: a dead mailbox, or a server that refuses us.

A subscriber is quarantined at the third message refused with 5.1.x. But when more than a
fifth of the first 50 answers to a notification are refusals, the fault is ours: then no
mailbox is blamed, and what was refused is tried again.
"""

from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from subscribers.models import Delivery, Subscriber

STRIKES = 3
FIRST = 50
OUR_FAULT_ABOVE = FIRST // 5


def count_strike(subscriber_id: UUID) -> None:
    """One more message refused because there is no such address."""
    person = Subscriber.objects.filter(pk=subscriber_id)
    person.update(bounces=F("bounces") + 1)
    person.filter(bounces__gte=STRIKES, quarantined_at__isnull=True).update(quarantined_at=Now())


def clear_strikes(subscriber_id: UUID) -> None:
    Subscriber.objects.filter(pk=subscriber_id, bounces__gt=0).update(bounces=0)


def is_our_fault(notification_id: UUID) -> bool:
    """Whether too many of the notification's first answers are refusals of recipients."""
    answered = Delivery.objects.filter(
        notification_id=notification_id,
        state__in=[Delivery.State.SENT, Delivery.State.FAILED],
    )
    refused = answered.exclude(refusal="").count()
    return refused > OUR_FAULT_ABOVE and answered.count() <= FIRST


@transaction.atomic
def take_back(notification_id: UUID) -> None:
    """Undoes the refusals of a notification: strikes, quarantines and failures."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGIVE, {"notification": notification_id, "strikes": STRIKES})
    Delivery.objects.filter(notification_id=notification_id, state=Delivery.State.FAILED).exclude(
        refusal=""
    ).update(state=Delivery.State.PENDING, refusal="", attempts=0, next_attempt_at=Now())


_FORGIVE = """
    UPDATE subscribers_subscriber AS person
    SET bounces = greatest(person.bounces - 1, 0),
        quarantined_at = CASE WHEN person.bounces <= %(strikes)s THEN NULL
                              ELSE person.quarantined_at END
    FROM subscribers_delivery AS delivery
    WHERE delivery.notification_id = %(notification)s AND delivery.refusal = 'address'
      AND delivery.state = 'failed' AND person.id = delivery.subscriber_id
"""
