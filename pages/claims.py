"""What is claimed of components: the only writer of Component.status and of intervals.

All that writes here needs the page's lock (`pages.versions.changing`). Nothing is announced.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import F, Q
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
    "Stated",
    "apply",
    "effective",
    "incident_source",
    "live",
    "maintenance_source",
    "rebuild",
    "restate",
]


@dataclass(frozen=True, slots=True)
class Change:
    """A component's effective status went from `old` to `new` at `at`."""

    component: Component
    old: Status
    new: Status
    at: datetime


class Stated(NamedTuple):
    """What a source says from `since` until `until`, still going on while that is None."""

    status: Status
    since: datetime
    until: datetime | None


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


def restate(
    *,
    components: Iterable[Component],
    source: str,
    spans: Mapping[UUID, Sequence[Stated]],
    actor: str,
) -> list[Change]:
    """Makes `source` have said exactly `spans`, in order, of each of `components` (by id).

    A claim that is not among them ends where it began; history is folded again from the first
    instant that differs. Nothing is said of the time before a component began.
    Returns the changes of effective statuses.
    """
    components = list(components)
    spoken = StatusClaim.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=F("since")),
        component__in=components,
        source=source,
    )
    known: dict[UUID, list[StatusClaim]] = defaultdict(list)
    for claim in spoken.order_by("since"):
        known[claim.component_id].append(claim)
    changes = []
    for component in components:
        require_lock(component.page_id)
        wanted = _after_creation(spans.get(component.pk, ()), component.created_at)
        since = _rewrite(component, source, known[component.pk], wanted, actor)
        if since:
            changes.append(_fold(component, since))
    return [change for change in changes if change]


def _after_creation(spans: Iterable[Stated], created_at: datetime) -> list[Stated]:
    return [
        span._replace(since=max(span.since, created_at))
        for span in spans
        if span.until is None or span.until > created_at
    ]


def _rewrite(
    component: Component,
    source: str,
    known: Iterable[StatusClaim],
    wanted: Iterable[Stated],
    actor: str,
) -> datetime | None:
    """Ends, moves and adds claims; the first instant about which something else is said now."""
    missing = {(span.status.value, span.since): span.until for span in wanted}
    ends = [(claim, missing.pop((claim.status, claim.since), claim.since)) for claim in known]
    moved = [(claim, until) for claim, until in ends if until != claim.ended_at]
    touched = [min(end for end in (claim.ended_at, until) if end) for claim, until in moved]
    # Those that end go first: a source has one live claim at a time.
    for claim, until in sorted(moved, key=lambda pair: pair[1] is None):
        claim.ended_at = until
        claim.save(update_fields=["ended_at"])
    StatusClaim.objects.bulk_create(
        StatusClaim(
            component=component,
            source=source,
            status=status,
            since=since,
            ended_at=until,
            actor=actor,
        )
        for (status, since), until in missing.items()
    )
    return min([*touched, *(since for _, since in missing)], default=None)


def _fold(component: Component, since: datetime) -> Change | None:
    """Folds again from `since` what the claims now say."""
    stored = Component.objects.only("status").get(pk=component.pk)
    if intervals.refold(component, since):
        days.refold(component, since)
    return _follow(component, old=Status(stored.status), now_live=live(component), at=since)


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
