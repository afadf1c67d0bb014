"""Setting a component's status by hand, with or without a pin."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts import audit
from accounts.access import require
from accounts.actor import SYSTEM, Actor
from accounts.roles import Action
from incidents.models import Incident
from incidents.sweeping import logged
from pages import claims, sources
from pages.actions import Invalid
from pages.claims import Change
from pages.models import Component, Page, StatusClaim
from pages.status import Status, effective
from pages.versions import changing
from subscribers import outbox

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What setting a status did: `pinned` when live claims said otherwise, `claims` are they."""

    change: Change | None
    pinned: bool
    claims: list[StatusClaim]


def set_component_status(
    *,
    component: Component,
    status: Status,
    actor: Actor,
    at: datetime,
    pin_until: datetime | None = None,
) -> StatusAnswer:
    """Says by hand how a component is.

    Where other live claims say otherwise, the status becomes a pin that outranks them, until
    `pin_until` or until it is set again. Raises Invalid naming the field, and Refused.
    """
    page = component.page
    require(actor, Action.COMPONENT_SET_STATUS, page.project, obj=component)
    if pin_until is not None and pin_until <= at:
        raise Invalid("pin_until", "A pin must end in the future.")
    with changing(page.id) as [locked]:
        component = Component.objects.get(pk=component.pk)
        others = [claim for claim in claims.live(component) if claim.source != sources.MANUAL]
        pinned = pin_until is not None or effective(others, at)[0] is not status
        pinned = pinned and bool(others or pin_until)
        ends = status is Status.OPERATIONAL and not pinned
        change = claims.apply(
            component=component,
            source=sources.MANUAL,
            status=None if ends else status,
            since=at,
            actor=actor.label,
            pinned=pinned,
            pin_expires_at=pin_until,
        )
        audit.record(
            actor=actor,
            action=Action.COMPONENT_SET_STATUS,
            obj=component,
            project=page.project,
            at=at,
            detail={"status": status, "pinned": pinned},
        )
        _tell(page=locked, changes=[change] if change else [], at=at)
        return StatusAnswer(change=change, pinned=pinned, claims=claims.live(component))


def expire_pins(*, at: datetime) -> int:
    """Ends pins whose time is over, each page in its own transaction; counts them."""
    due = StatusClaim.objects.live().filter(pin_expires_at__lte=at)
    done = 0
    for page_id in due.order_by().values_list("component__page_id", flat=True).distinct():
        with logged(log, "pins of page %s were not ended", page_id):
            done += _expire_pins_of(page_id, at)
    return done


def _expire_pins_of(page_id: UUID, at: datetime) -> int:
    with changing(page_id) as [page]:
        due = StatusClaim.objects.live().filter(pin_expires_at__lte=at, component__page=page)
        ended = [_expire(pin) for pin in due.select_related("component").order_by("id")]
        changes = [change for change in ended if change]
        for change in changes:
            record_status(change, page=page, actor=SYSTEM, at=at)
        _tell(page=page, changes=changes, at=at)
    return len(ended)


def record_status(change: Change, *, page: Page, actor: Actor, at: datetime) -> None:
    """The audit row of a status that the product itself changed."""
    audit.record(
        actor=actor,
        action=Action.COMPONENT_SET_STATUS,
        obj=change.component,
        project=page.project,
        at=at,
        detail={"status": change.new},
    )


def _expire(pin: StatusClaim) -> Change | None:
    if pin.pin_expires_at is None:
        raise ValueError(f"claim {pin.pk} never expires")
    return claims.apply(
        component=pin.component,
        source=pin.source,
        status=None,
        since=pin.pin_expires_at,
        actor=SYSTEM.label,
    )


def _tell(*, page: Page, changes: list[Change], at: datetime) -> None:
    """Component notices, except for what an incident or a maintenance already tells."""
    open_changes = [change for change in changes if not covered(change.component)]
    outbox.note_component_changes(page=page, changes=open_changes, at=at)


def covered(component: Component) -> bool:
    """Whether an open incident, a waiting draft or a running maintenance speaks of it."""
    if Incident.objects.covering([component.id]).exists():
        return True
    return any(sources.is_maintenance(claim.source) for claim in claims.live(component))
