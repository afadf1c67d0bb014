"""Who subscribes: addresses opened for those who may see them, and states in a word."""

from dataclasses import dataclass

from subscribers import crypto, vault
from subscribers.models import Delivery, Subscriber

UNREADABLE = "unreadable address"


@dataclass(frozen=True, slots=True)
class Pill:
    """A state as a word with its mark."""

    word: str
    mark: str


_VERIFIED = Pill("Verified", "operational")
_PENDING = Pill("Pending", "nodata")
_QUARANTINED = Pill("Quarantined", "degraded_performance")
_UNSUBSCRIBED = Pill("Unsubscribed", "cancelled")


def state_of(subscriber: Subscriber) -> Pill:
    if subscriber.unsubscribed_at:
        return _UNSUBSCRIBED
    if subscriber.quarantined_at:
        return _QUARANTINED
    return _VERIFIED if subscriber.verified_at else _PENDING


def address_of(subscriber: Subscriber) -> str:
    """The address, or words where its key is gone: a list is shown all the same."""
    try:
        return vault.address_of(subscriber)
    except crypto.UnreadableError:
        return UNREADABLE


def recipient_of(delivery: Delivery) -> str:
    if delivery.subscriber:
        return address_of(delivery.subscriber)
    return delivery.operator.email if delivery.operator else ""
