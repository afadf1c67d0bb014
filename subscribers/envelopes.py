"""A claimed batch as envelopes: addresses opened, messages decoded."""

from dataclasses import dataclass
from uuid import UUID

from subscribers import vault
from subscribers.channels.base import Envelope
from subscribers.leases import Lease
from subscribers.message import DEFAULT_LANGUAGE, Message, from_json
from subscribers.models import Delivery, Notification


@dataclass(frozen=True, slots=True)
class Batch:
    deliveries: dict[int, Delivery]
    notifications: dict[UUID, Notification]


def load(lease: Lease) -> Batch:
    """Everything the batch needs, in two queries."""
    deliveries = Delivery.objects.filter(lease_token=lease.token).select_related(
        "subscriber", "operator", "page"
    )
    rows = {delivery.pk: delivery for delivery in deliveries}
    wanted = {delivery.notification_id for delivery in rows.values()}
    return Batch(rows, Notification.objects.in_bulk(wanted))


def open_envelope(batch: Batch, delivery: Delivery, messages: dict[UUID, Message]) -> Envelope:
    """The envelope of one delivery; `messages` keeps what was decoded before.

    Raises crypto.UnreadableError or msgspec.ValidationError, both ValueErrors.
    """
    notification = batch.notifications[delivery.notification_id]
    if notification.pk not in messages:
        messages[notification.pk] = from_json(notification.message)
    subscriber = delivery.subscriber
    if subscriber:
        recipient, token = vault.address_of(subscriber), vault.unsubscribe_token_of(subscriber)
    else:
        recipient, token = delivery.operator.email if delivery.operator else "", ""
    return Envelope(
        delivery_id=delivery.pk,
        notification_id=notification.pk,
        page=delivery.page,
        message=messages[notification.pk],
        recipient=recipient,
        language=DEFAULT_LANGUAGE,
        unsubscribe_token=token,
        secret=vault.secret_of(notification),
    )
