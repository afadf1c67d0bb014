"""One effect for one request, however often it arrives: double clicks, clients that try again.

A request is repeated when it comes under the same Idempotency-Key, or, without a key, when
the same person asked for the very same thing a moment ago.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.actor import Actor
from accounts.models import User
from incidents.lifecycle import IncidentStatus
from incidents.models import IdempotencyKey, Incident, IncidentUpdate
from pages.actions.invalid import Invalid, line
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing

Remember = Callable[[Incident | IncidentUpdate], None]

KEY_LIMIT = 255
# Nobody means the same words twice so soon.
DOUBLE_CLICK = timedelta(seconds=10)
KEPT = timedelta(hours=24)


class Repeated(Exception):  # noqa: N818 (reads as what happened)
    """The same was done before; `row` is the incident or the update it made."""

    def __init__(self, row: Incident | IncidentUpdate) -> None:
        super().__init__(f"{row.pk} was made by the same request")
        self.row = row


def fingerprint(*parts: object) -> bytes:
    """The SHA-256 of what is asked for: the verb, what it is about, and all values.

    Parts are what JSON has (keys of mappings are text, and their order is of no importance);
    of anything else its `str` counts.
    """
    canonical = json.dumps(parts, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).digest()


def update_fingerprint(
    incident: Incident,
    status: IncidentStatus | None,
    body: str,
    statuses: Mapping[Component, Status] | None = None,
    *,
    display_at: datetime | None = None,
    deliver: bool = True,
    next_update_by: datetime | None = None,
) -> bytes:
    """The fingerprint of an update, whichever verb posts it: also of a start, end or cancellation.

    So its repetition is known after the first has moved the story on.
    """
    said = by_id(statuses or {})
    return fingerprint(
        "update", incident.pk, status, body, said, display_at, deliver, next_update_by
    )


def by_id(statuses: Mapping[Component, Status]) -> dict[str, Status]:
    """Statuses as `fingerprint` takes them."""
    return {str(component.pk): status for component, status in statuses.items()}


@contextmanager
def changing_once(
    page_id: UUID, *, actor: Actor, key: str, said: bytes, at: datetime
) -> Iterator[tuple[Page, Remember]]:
    """`changing` of the page, for a request whose fingerprint is `said`, unless it was done.

    The block calls what it is given with the row that it made. Raises Repeated and Invalid.
    """
    with changing(page_id) as [page]:
        refuse_repetition(user=actor.user, key=key, fingerprint=said, at=at)
        yield page, partial(remember, user=actor.user, key=key, fingerprint=said, at=at)


def refuse_repetition(*, user: User | None, key: str, fingerprint: bytes, at: datetime) -> None:
    """Raises Repeated when this was done; Invalid when `key` served another request.

    Call it under the lock of the page, and `remember` in the same transaction. What the
    product does by itself, without a `user`, is never a repetition.
    """
    if user is None:
        return
    key = _tidy(key)
    if key:
        known = IdempotencyKey.objects.filter(user=user, key=key).first()
        if known and bytes(known.fingerprint) != fingerprint:
            raise Invalid("key", "This Idempotency-Key was used for another request.")
    else:
        known = IdempotencyKey.objects.filter(
            user=user,
            key="",
            fingerprint=fingerprint,
            created_at__range=(at - DOUBLE_CLICK, at + DOUBLE_CLICK),
        ).first()
    if known:
        raise Repeated(_effect(known))


def remember(
    row: Incident | IncidentUpdate,
    *,
    user: User | None,
    key: str,
    fingerprint: bytes,
    at: datetime,
) -> None:
    """Keeps what the request made, for as long as that exists, at most a day.

    Two requests under one key on different pages hold different locks: here the slower one
    gets Repeated or Invalid, and its transaction is undone.
    """
    if user is None:
        return
    key = _tidy(key)
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                user=user,
                key=key,
                fingerprint=fingerprint,
                incident=row if isinstance(row, Incident) else None,
                update=row if isinstance(row, IncidentUpdate) else None,
                created_at=at,
            )
    except IntegrityError:
        refuse_repetition(user=user, key=key, fingerprint=fingerprint, at=at)
        raise


def forget_old_keys(*, at: datetime) -> int:
    """Deletes what is older than KEPT; returns how many rows."""
    deleted, _ = IdempotencyKey.objects.filter(created_at__lt=at - KEPT).delete()
    return deleted


def _tidy(key: str) -> str:
    return line("key", key, limit=KEY_LIMIT) if key.strip() else ""


def _effect(known: IdempotencyKey) -> Incident | IncidentUpdate:
    effect = known.update or known.incident
    if effect is None:
        raise ValueError(f"key {known.pk} made nothing")
    return effect
