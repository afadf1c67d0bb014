"""What is sealed in which column, bound to its row."""

from dataclasses import dataclass
from uuid import UUID

from subscribers import crypto
from subscribers.models import Notification, Subscriber, SubscriptionRequest


@dataclass(frozen=True, slots=True)
class Column:
    """A column of sealed values."""

    model: type[Subscriber | SubscriptionRequest | Notification]
    name: str

    def __str__(self) -> str:
        return f"{self.model.__name__}.{self.name}"

    def seal(self, text: str, *, row: UUID) -> bytes:
        return crypto.seal(text, table=str(self), row=row)

    def unseal(self, sealed: bytes | memoryview, *, row: UUID) -> str:
        """Raises crypto.UnreadableError."""
        return crypto.unseal(sealed, table=str(self), row=row)


ADDRESS = Column(Subscriber, "address")
UNSUBSCRIBE_TOKEN = Column(Subscriber, "unsubscribe_token")
REQUESTED_ADDRESS = Column(SubscriptionRequest, "address")
SECRET = Column(Notification, "secret")

COLUMNS = (ADDRESS, UNSUBSCRIBE_TOKEN, REQUESTED_ADDRESS, SECRET)


def address_of(subscriber: Subscriber) -> str:
    """Raises crypto.UnreadableError, as all of these do."""
    return ADDRESS.unseal(subscriber.address, row=subscriber.pk)


def unsubscribe_token_of(subscriber: Subscriber) -> str:
    return UNSUBSCRIBE_TOKEN.unseal(subscriber.unsubscribe_token, row=subscriber.pk)


def address_asked(request: SubscriptionRequest) -> str:
    return REQUESTED_ADDRESS.unseal(request.address, row=request.pk)


def secret_of(notification: Notification) -> str:
    """The one-time token of the notification's mail, empty when it carries none."""
    return SECRET.unseal(notification.secret, row=notification.pk) if notification.secret else ""
