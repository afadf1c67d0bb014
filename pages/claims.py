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
from pages.sources import MANUAL
from pages.status import Status, effective
from pages.versions import require_lock


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

    stored = Component.objects.only("created_at").get(pk=component.pk)
    since = max(since, stored.created_at)
    known = list(component.claims.speaking_after(since))
    own = [claim for claim in known if claim.source == source]
    since = max([since, *(claim.ended_at or claim.since for claim in own)])
    held = next((claim for claim in own if claim.ended_at is None), None)
    if _says_so_already(held, status, pinned=pinned, expires_at=expires_at):
        return None

    if held:
        held.ended_at = since
        held.save(update_fields=["ended_at"])
    if status:
        component.claims.create(
            source=source,
            status=status,
            since=since,
            pinned=pinned,
            pin_expires_at=expires_at,
            actor=actor,
        )
    return next(iter(_settle({component: since})), None)


def restate(spans: Mapping[tuple[Component, str], Sequence[Stated]], *, actor: str) -> list[Change]:
    """Makes sources have said exactly these spans, in order, of components: (component, source).

    A claim that is not among them ends where it began; history is folded again from the first
    instant that differs. Nothing is said of the time before a component began. The number of
    queries does not depend on how many components there are.
    Returns the changes of effective statuses.
    """
    known: dict[tuple[UUID, str], list[StatusClaim]] = defaultdict(list)
    spoken = StatusClaim.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=F("since")),
        component__in={component.pk for component, _ in spans},
        source__in={source for _, source in spans},
    )
    for claim in spoken.order_by("since"):
        known[claim.component_id, claim.source].append(claim)
    edit = _Edit(actor)
    for (component, source), said in spans.items():
        require_lock(component.page_id)
        wanted = _after_creation(said, component.created_at)
        edit.rewrite(component, source, known[component.pk, source], wanted)
    return edit.write()


def _after_creation(spans: Iterable[Stated], created_at: datetime) -> list[Stated]:
    return [
        span._replace(since=max(span.since, created_at))
        for span in spans
        if span.until is None or span.until > created_at
    ]


class _Edit:
    """Claims that end, live again or are new, and since when they tell something else."""

    def __init__(self, actor: str) -> None:
        self._actor = actor
        self._ended: list[StatusClaim] = []
        self._revived: list[StatusClaim] = []
        self._new: list[StatusClaim] = []
        self._since: dict[Component, datetime] = {}

    def rewrite(
        self,
        component: Component,
        source: str,
        known: Iterable[StatusClaim],
        wanted: Iterable[Stated],
    ) -> None:
        missing = {(span.status.value, span.since): span.until for span in wanted}
        moments = []
        for claim in known:
            until = missing.pop((claim.status, claim.since), claim.since)
            if until != claim.ended_at:
                moments.append(min(end for end in (claim.ended_at, until) if end))
                claim.ended_at = until
                (self._ended if until else self._revived).append(claim)
        for (status, since), until in missing.items():
            moments.append(since)
            self._new.append(
                StatusClaim(
                    component=component,
                    source=source,
                    status=status,
                    since=since,
                    ended_at=until,
                    actor=self._actor,
                )
            )
        if moments:
            self._since[component] = min([*moments, self._since.get(component, moments[0])])

    def write(self) -> list[Change]:
        # What ends goes first: a source has one live claim at a time.
        for claims in (self._ended, self._revived):
            ends: dict[datetime | None, list[UUID]] = defaultdict(list)
            for claim in claims:
                ends[claim.ended_at].append(claim.pk)
            for ended_at, ids in ends.items():
                StatusClaim.objects.filter(pk__in=ids).update(ended_at=ended_at)
        StatusClaim.objects.bulk_create(self._new)
        return _settle(self._since)


def _settle(since: Mapping[Component, datetime]) -> list[Change]:
    """Folds again what the claims now say of components, each from its instant on."""
    changed = intervals.refold(since)
    days.refold({component: since[component] for component in changed})
    return _follow(since)


def _follow(since: Mapping[Component, datetime]) -> list[Change]:
    """Writes the effective statuses of many components; the changes."""
    stored = dict(
        Component.objects.filter(pk__in=[each.pk for each in since]).values_list("pk", "status")
    )
    spoken: dict[UUID, list[StatusClaim]] = defaultdict(list)
    for claim in StatusClaim.objects.live().filter(component__in=since):
        spoken[claim.component_id].append(claim)
    changes = []
    for component, at in since.items():
        live_now = spoken[component.pk]
        newest = max([at, *(claim.since for claim in live_now)])
        component.status, _ = effective(live_now, newest)
        old = Status(stored[component.pk])
        if component.status != old:
            changes.append(Change(component, old, Status(component.status), at))
    moment = now()
    for status in {change.new for change in changes}:
        ids = [change.component.pk for change in changes if change.new is status]
        Component.objects.filter(pk__in=ids).update(status=status, updated_at=moment)
    return changes


def rebuild(component: Component, since: datetime | None = None) -> None:
    """Folds intervals and finished days again, from `since` or from the beginning.

    The result is always what `apply` has left: nothing depends on how it came about.
    """
    require_lock(component.page_id)
    since = since or component.created_at
    intervals.refold({component: since})
    days.refold({component: since})
    _follow({component: since})


def _says_so_already(
    held: StatusClaim | None, status: Status | None, *, pinned: bool, expires_at: datetime | None
) -> bool:
    if held is None:
        return status is None
    return (held.status, held.pinned, held.pin_expires_at) == (status, pinned, expires_at)
