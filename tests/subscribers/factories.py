"""Subscribers as the product makes them: addresses and tokens sealed for their row."""

from typing import Any

from django.utils.timezone import now

from accounts.ids import new_id
from pages.models import Component, Page
from subscribers import crypto, tokens, vault
from subscribers.message import Fact, Kind, Message
from subscribers.models import Subscriber


def make_subscriber(
    page: Page, address: str, *components: Component, verified: bool = True, **fields: Any
) -> Subscriber:
    """One row, verified unless said otherwise; its token is `tokens_of(subscriber)`."""
    subscriber = unsaved_subscriber(page, address, verified=verified, **fields)
    subscriber.follows_all = not components
    subscriber.save()
    subscriber.components.set(components)
    return subscriber


def unsaved_subscriber(
    page: Page, address: str, *, verified: bool = True, **fields: Any
) -> Subscriber:
    row, token = new_id(), tokens.new()
    return Subscriber(
        id=row,
        page=page,
        address=vault.ADDRESS.seal(address, row=row),
        address_index=crypto.blind_index(address),
        unsubscribe_token=vault.UNSUBSCRIBE_TOKEN.seal(token, row=row),
        unsubscribe_hash=tokens.digest(token),
        verified_at=now() if verified else None,
        **fields,
    )


def make_many(page: Page, count: int, *, domain: str = "example.com") -> None:
    people = [unsaved_subscriber(page, f"person{n}@{domain}") for n in range(count)]
    Subscriber.objects.bulk_create(people)


def make_message(title: str = "Payments fail", **fields: Any) -> Message:
    values: dict[str, Any] = {
        "kind": Kind.INCIDENT_CREATED,
        "title": {"en": title},
        "body": {"en": "We look into it."},
        "occurred_at": now(),
        "impact": "major",
        "status": "investigating",
        "status_label": "Investigating",
        "status_colour": "#ef4444",
        "links": {"page": "http://localhost:8000/status/acme", "incident": "http://localhost/i"},
    }
    return Message(**(values | fields))


def make_fact(component: Component, *, old: str = "operational", new: str) -> Fact:
    return Fact(component=component.name, component_id=component.pk, old=old, new=new)
