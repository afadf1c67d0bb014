"""What a subscriber can do. A token in a link is the proof of the mailbox."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.ids import new_id
from pages.models import Component, Page
from subscribers import mailbox, tokens, vault, wake
from subscribers.addresses import parse_address
from subscribers.models import Subscriber, SubscriberQuerySet, SubscriptionRequest

VERIFY_WITHIN = timedelta(hours=48)


def request_subscription(
    *, page: Page, email: str, component_ids: Iterable[UUID], at: datetime
) -> None:
    """Keeps the request; the same work for every address, known or not.

    No components mean everything; those of other pages are left out. Raises ValueError with
    a sentence when `email` cannot be an address, or no component is left.
    """
    address = parse_address(email)
    chosen = _components_of(page, component_ids)
    row = new_id()
    with transaction.atomic():
        SubscriptionRequest.objects.create(
            id=row,
            page=page,
            address=vault.REQUESTED_ADDRESS.seal(address, row=row),
            component_ids=[component.pk for component in chosen],
            created_at=at,
        )
        wake.wake_after_commit(wake.DECIDE)


def find_unverified(token: str, *, at: datetime) -> Subscriber | None:
    """Who a verification link belongs to, while it is valid."""
    return _by_verification(token, at=at).select_related("page").first()


def find_by_unsubscribe_token(token: str) -> Subscriber | None:
    """Who an unsubscribe or manage link belongs to; these links are valid for ever."""
    digest = tokens.digest(token)
    if digest is None:
        return None
    return Subscriber.objects.filter(unsubscribe_hash=digest).select_related("page").first()


@transaction.atomic
def verify(token: str, *, at: datetime) -> Subscriber | None:
    """Confirms a subscription, once, and welcomes; None for a token that is not valid."""
    subscriber = _by_verification(token, at=at).select_for_update().first()
    if subscriber is None:
        return None
    subscriber.verified_at = at
    subscriber.unsubscribed_at = None
    subscriber.quarantined_at = None
    subscriber.bounces = 0
    subscriber.verification_hash = None
    subscriber.updated_at = at
    subscriber.save()
    mailbox.welcome(subscriber, at=at)
    return subscriber


@transaction.atomic
def unsubscribe(token: str, *, at: datetime) -> Subscriber | None:
    """Ends a subscription at once; doing it again changes nothing."""
    subscriber = _locked_by_unsubscribe_token(token)
    if subscriber and subscriber.unsubscribed_at is None:
        subscriber.unsubscribed_at = at
        subscriber.verification_hash = None
        subscriber.updated_at = at
        subscriber.save(update_fields=["unsubscribed_at", "verification_hash", "updated_at"])
    return subscriber


@transaction.atomic
def resubscribe(token: str, *, at: datetime) -> Subscriber | None:
    """Takes an unsubscription back; an address never verified stays unverified."""
    subscriber = _locked_by_unsubscribe_token(token)
    if subscriber and subscriber.unsubscribed_at is not None:
        subscriber.unsubscribed_at = None
        subscriber.updated_at = at
        subscriber.save(update_fields=["unsubscribed_at", "updated_at"])
    return subscriber


@transaction.atomic
def update_selection(
    token: str, component_ids: Iterable[UUID] | None, *, at: datetime
) -> Subscriber | None:
    """Chooses what to be told of: None is everything, else the components of this page.

    Raises ValueError with a sentence when none of the chosen ones is left.
    """
    subscriber = _locked_by_unsubscribe_token(token)
    if subscriber:
        subscriber.follows_all = component_ids is None
        subscriber.updated_at = at
        subscriber.save(update_fields=["follows_all", "updated_at"])
        subscriber.components.set(_components_of(subscriber.page, component_ids or ()))
    return subscriber


def _components_of(page: Page, component_ids: Iterable[UUID]) -> list[Component]:
    """Raises ValueError with a sentence when some were wanted and none is on the page."""
    wanted = list(component_ids)
    found = list(Component.objects.filter(page=page, id__in=wanted))
    if wanted and not found:
        raise ValueError("These systems are not on this page any more.")
    return found


def _by_verification(token: str, *, at: datetime) -> SubscriberQuerySet:
    digest = tokens.digest(token)
    if digest is None:
        return Subscriber.objects.none()
    return Subscriber.objects.filter(
        verification_hash=digest, verification_sent_at__gt=at - VERIFY_WITHIN
    )


def _locked_by_unsubscribe_token(token: str) -> Subscriber | None:
    digest = tokens.digest(token)
    if digest is None:
        return None
    return Subscriber.objects.select_for_update().filter(unsubscribe_hash=digest).first()
