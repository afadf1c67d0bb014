"""A component whose claims a test drives by minutes from its creation."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from accounts.actor import SYSTEM
from pages import actions, claims
from pages.claims import Change
from pages.models import Component, Page, StatusClaim
from pages.status import Status, effective
from pages.versions import changing

T0 = datetime(2026, 3, 1, 12, tzinfo=UTC)


def minute(number: float) -> datetime:
    return T0 + timedelta(minutes=number)


def new_component(page: Page, name: str = "API", *, at: datetime = T0) -> Component:
    return actions.create_component(page=page, name=name, actor=SYSTEM, at=at)


def say(
    component: Component,
    source: str,
    status: Status | None,
    since: datetime,
    *,
    pinned: bool = False,
    until: datetime | None = None,
) -> Change | None:
    with changing(component.page_id):
        return claims.apply(
            component=component,
            source=source,
            status=status,
            since=since,
            actor="test",
            pinned=pinned,
            pin_expires_at=until,
        )


def history(component: Component) -> list[tuple[datetime, datetime | None, str, bool]]:
    rows = component.intervals.order_by("span").values_list("span", "status", "held")
    return [(span.lower, span.upper, status, held) for span, status, held in rows]


def statuses(component: Component) -> list[tuple[float, Status]]:
    """Each interval as (minute of its start, status)."""
    return [
        ((start - T0).total_seconds() / 60, Status(status))
        for start, _, status, _ in history(component)
    ]


def assert_whole(component: Component) -> None:
    """No hole, no overlap, one open end, merged, and the stored status is what is claimed."""
    rows = history(component)
    assert rows[0][0] == component.created_at
    for (_, end, *said), (start, _, *next_said) in pairwise(rows):
        assert end == start
        assert said != next_said
    assert [row[1] for row in rows].count(None) == 1
    assert rows[-1][1] is None
    live = claims.live(component)
    newest = max((claim.since for claim in live), default=component.created_at)
    stored = Component.objects.get(pk=component.pk).status
    assert stored == effective(live, newest)[0]


def assert_claims_in_turn(component: Component) -> None:
    """What one source says follows one another; empty claims are records only."""
    turns: dict[str, list[StatusClaim]] = {}
    for claim in component.claims.order_by("since", "created_at", "id"):
        turns.setdefault(claim.source, []).append(claim)
    for said in turns.values():
        for earlier, later in pairwise(said):
            assert earlier.ended_at is not None
            assert earlier.ended_at <= later.since
