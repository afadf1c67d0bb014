"""What is sealed in which row: the only place that names tables to `crypto`."""

from uuid import UUID

from subscribers import crypto
from subscribers.models import Notification, Subscriber, SubscriptionRequest


def seal_address(address: str, *, subscriber_id: UUID) -> bytes:
    return crypto.seal(address, table="subscriber.address", row=subscriber_id)


def seal_unsubscribe_token(token: str, *, subscriber_id: UUID) -> bytes:
    return crypto.seal(token, table="subscriber.unsubscribe_token", row=subscriber_id)


def seal_request(address: str, *, request_id: UUID) -> bytes:
    return crypto.seal(address, table="request.address", row=request_id)


def seal_secret(token: str, *, notification_id: UUID) -> bytes:
    return crypto.seal(token, table="notification.secret", row=notification_id)


def address_of(subscriber: Subscriber) -> str:
    """Raises crypto.UnreadableError, as all of these do."""
    return crypto.unseal(subscriber.address, table="subscriber.address", row=subscriber.pk)


def unsubscribe_token_of(subscriber: Subscriber) -> str:
    return crypto.unseal(
        subscriber.unsubscribe_token, table="subscriber.unsubscribe_token", row=subscriber.pk
    )


def address_asked(request: SubscriptionRequest) -> str:
    return crypto.unseal(request.address, table="request.address", row=request.pk)


def secret_of(notification: Notification) -> str:
    """The one-time token of the notification's mail, empty when it carries none."""
    if not notification.secret:
        return ""
    return crypto.unseal(notification.secret, table="notification.secret", row=notification.pk)
