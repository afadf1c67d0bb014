"""What is claimed of components: the only writer of Component.status and of intervals.

All that writes here needs the page's lock (`pages.versions.changing`). Nothing is announced.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import now

from pages import days, intervals
from pages.models import Component, StatusClaim
from pages.sources import CHECKS, MANUAL, incident_source, maintenance_source
from pages.status import Status, effective
from pages.versions import require_lock

__all__ = [
    "CHECKS",
    "MANUAL",
    "Change",
    "apply",
    "effective",
    "incident_source",
    "live",
    "maintenance_source",
    "rebuild",
]


@dataclass(frozen=True, slots=True)
class Change:
    """A component's effective status went from `old` to `new` at `at`."""

    component: Component
    old: Status
    new: Status
    at: datetime


def live(component: Component) -> list[StatusClaim]:
    """The claims that have not ended, oldest first."""
    return list(component.claims.live().order_by("since", "created_at", "id"))


def apply(
    *,
    component: Component,
    source: str,
    status: Status | None,
    since: datetime,
    actor: str,
    pinned: bool = False,
    pin_expires_at: datetime | None = None,
) -> Change | None:
    """Makes `source` say `status` from `since` on, or nothing more when it is None.

    Operational without a pin says nothing, either. `since` may lie in the past: history is
    folded again from there, but never before the component began or `source` last spoke.
    Returns the change of the effective status, if there is one.
    """
    require_lock(component.page_id)
    if pinned and source != MANUAL:
        raise ValueError(f"only a manual claim can be pinned, not {source}")
    if status is Status.OPERATIONAL and not pinned:
        status = None
    expires_at = pin_expires_at if pinned else None

    stored = Component.objects.only("status", "created_at").get(pk=component.pk)
    since = max(since, stored.created_at)
    known = list(component.claims.speaking_after(since))
    own = [claim for claim in known if claim.source == source]
    since = max([since, *(claim.ended_at or claim.since for claim in own)])
    held = next((claim for claim in own if claim.ended_at is None), None)
    if _says_so_already(held, status, pinned=pinned, expires_at=expires_at):
        return None

    now_live = [claim for claim in known if claim.ended_at is None and claim is not held]
    if held:
        held.ended_at = since
        held.save(update_fields=["ended_at"])
    if status:
        claim = component.claims.create(
            source=source,
            status=status,
            since=since,
            pinned=pinned,
            pin_expires_at=expires_at,
            actor=actor,
        )
        now_live.append(claim)
    if intervals.refold(component, since):
        days.refold(component, since)
    return _follow(component, old=Status(stored.status), now_live=now_live, at=since)


def rebuild(component: Component, since: datetime | None = None) -> None:
    """Folds intervals and finished days again, from `since` or from the beginning.

    The result is always what `apply` has left: nothing depends on how it came about.
    """
    require_lock(component.page_id)
    since = since or component.created_at
    stored = Component.objects.only("status").get(pk=component.pk)
    intervals.refold(component, since)
    days.refold(component, since)
    _follow(component, old=Status(stored.status), now_live=live(component), at=since)


def _says_so_already(
    held: StatusClaim | None, status: Status | None, *, pinned: bool, expires_at: datetime | None
) -> bool:
    if held is None:
        return status is None
    return (held.status, held.pinned, held.pin_expires_at) == (status, pinned, expires_at)


def _follow(
    component: Component, *, old: Status, now_live: Iterable[StatusClaim], at: datetime
) -> Change | None:
    """Writes the effective status as of the newest thing known."""
    now_live = list(now_live)
    newest = max([at, *(claim.since for claim in now_live)])
    new, _ = effective(now_live, newest)
    component.status = new
    if new == old:
        return None
    Component.objects.filter(pk=component.pk).update(status=new, updated_at=now())
    return Change(component=component, old=old, new=new, at=at)
