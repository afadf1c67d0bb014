"""Deciding what a sign-up means. Nobody outside learns the answer but the mailbox."""

import logging
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.ids import new_id
from pages.models import Component, Page
from subscribers import crypto, mailbox, tokens, vault
from subscribers.models import Subscriber, SubscriptionRequest
from subscribers.retry import put_off

log = logging.getLogger(__name__)


def decide_all(*, at: datetime) -> int:
    """Takes up every waiting request and returns how many there were."""
    decided = 0
    while decide_next(at=at):
        decided += 1
    return decided


@transaction.atomic
def decide_next(*, at: datetime) -> bool:
    """Answers the oldest request that no other worker holds; False when there is none.

    One that cannot be answered is put off, so that the others are not held up by it.
    """
    request = (
        SubscriptionRequest.objects.filter(Q(hold_until__isnull=True) | Q(hold_until__lte=at))
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("page")
        .order_by("created_at", "id")
        .first()
    )
    if request is None:
        return False
    try:
        with transaction.atomic():
            _decide(request, at=at)
    except crypto.UnreadableError:
        log.exception("request %s cannot be read and is dropped", request.pk)
    except Exception:
        log.exception("request %s cannot be answered and is put off", request.pk)
        request.hold_until = at + put_off(at - request.created_at)
        request.save(update_fields=["hold_until"])
        return True
    request.delete()
    return True


def _decide(request: SubscriptionRequest, *, at: datetime) -> None:
    subscriber = _row_of(request.page, vault.address_asked(request), at=at)
    if not mailbox.may_write(subscriber, at=at):
        return
    if Subscriber.objects.filter(pk=subscriber.pk).active().exists():
        mailbox.offer_to_manage(subscriber, at=at)
        return
    _choose(subscriber, request.component_ids)
    mailbox.ask_to_verify(subscriber, at=at)


def _row_of(page: Page, address: str, *, at: datetime) -> Subscriber:
    """The address' row, made when new. Two workers cannot make two."""
    row, token = new_id(), tokens.new()
    subscriber, _made = Subscriber.objects.select_for_update().get_or_create(
        page=page,
        mode=Subscriber.Mode.EMAIL,
        address_index=crypto.blind_index(address),
        defaults={
            "id": row,
            "address": vault.ADDRESS.seal(address, row=row),
            "unsubscribe_token": vault.UNSUBSCRIBE_TOKEN.seal(token, row=row),
            "unsubscribe_hash": tokens.digest(token),
            "created_at": at,
            "updated_at": at,
        },
    )
    return subscriber


def _choose(subscriber: Subscriber, component_ids: Collection[UUID]) -> None:
    """Nobody is told before the mailbox confirmed, so the newest choice counts."""
    chosen = Component.objects.filter(page_id=subscriber.page_id, id__in=list(component_ids))
    subscriber.components.set(chosen)
    subscriber.follows_all = not component_ids
    subscriber.save(update_fields=["follows_all"])
