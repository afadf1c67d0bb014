"""What the product itself writes to one mailbox, and how often it may."""

from datetime import datetime, timedelta

from pages.links import page_url
from pages.models import Page
from subscribers import outbox, tokens
from subscribers.message import DEFAULT_LANGUAGE, Kind, Message
from subscribers.models import Notification, Subscriber

HOURLY, DAILY = 1, 3


def ask_to_verify(subscriber: Subscriber, *, at: datetime) -> None:
    """Sends a fresh verification link; the one before stops working."""
    token = tokens.new()
    subscriber.verification_hash = tokens.digest(token)
    subscriber.verification_sent_at = at
    subscriber.save(update_fields=["verification_hash", "verification_sent_at"])
    message = _message(
        subscriber.page,
        Kind.VERIFICATION,
        title=f"Confirm your subscription to {subscriber.page.name} status",
        body="Somebody, probably you, asked for status updates to this address. "
        "Nothing is sent until you confirm. The link works for 48 hours. "
        "If it was not you, there is nothing to do.",
        at=at,
    )
    outbox.enqueue_for_subscriber(subscriber=subscriber, message=message, at=at, secret=token)


def welcome(subscriber: Subscriber, *, at: datetime) -> None:
    message = _message(
        subscriber.page,
        Kind.WELCOME,
        title="You're subscribed to status updates",
        body=f"You will hear from {subscriber.page.name} when something breaks, "
        "when there is news of it, and when it works again.",
        at=at,
    )
    outbox.enqueue_for_subscriber(subscriber=subscriber, message=message, at=at)


def offer_to_manage(subscriber: Subscriber, *, at: datetime) -> None:
    message = _message(
        subscriber.page,
        Kind.MANAGE,
        title=f"Manage your subscription to {subscriber.page.name} status",
        body="Somebody, probably you, asked for status updates to this address. "
        "You already get them. You can change what you get, or unsubscribe.",
        at=at,
    )
    outbox.enqueue_for_subscriber(subscriber=subscriber, message=message, at=at)


def may_write(subscriber: Subscriber, *, at: datetime) -> bool:
    """At most one answer to a request an hour, and three a day: nobody floods a mailbox."""
    answers = Notification.objects.filter(
        subscriber=subscriber, kind__in=[Kind.VERIFICATION, Kind.MANAGE]
    )
    return (
        answers.filter(created_at__gt=at - timedelta(hours=1)).count() < HOURLY
        and answers.filter(created_at__gt=at - timedelta(days=1)).count() < DAILY
    )


def _message(page: Page, kind: Kind, *, title: str, body: str, at: datetime) -> Message:
    return Message(
        kind=kind,
        title={DEFAULT_LANGUAGE: title},
        body={DEFAULT_LANGUAGE: body},
        occurred_at=at,
        links={"page": page_url(page)},
    )
