"""A stranger recomputes what is published, from the intervals alone, over random histories."""

import re
from datetime import UTC, datetime, timedelta

import time_machine
from django.core.cache import cache
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from accounts.actor import SYSTEM
from pages import actions, days, gaps
from pages.models import Component, Page
from pages.sources import CHECKS, MANUAL
from pages.status import Status
from pages.versions import changing
from tests.pages.timeline import new_component, say
from tests.web.public.conftest import ask
from tests.web.public.recount import recount
from web import limits

STEP = st.tuples(
    st.sampled_from(
        [CHECKS, "incident:1", "maintenance:1", "alert:x", "pin", "gap", "word", "withdraw", "tick"]
    ),
    st.none() | st.sampled_from(Status),
    st.integers(-50 * 3600 * 10**6, 2 * 3600 * 10**6),
    st.integers(1, 60 * 3600 * 10**6),
)
# Read in the days after clocks were changed there, or where zones are odd.
ZONES = [
    ("UTC", datetime(2026, 3, 10, 12, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 10, 12, 30, 0, 250_000, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 3, 3, 59, 59, 999_999, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 26, 22, 59, 59, 999_999, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 6, 12, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2026, 3, 10, 18, 15, tzinfo=UTC)),
    ("Africa/Cairo", datetime(2026, 4, 25, 9, tzinfo=UTC)),
]


@effort(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(STEP, min_size=1, max_size=14),
    place=st.sampled_from(ZONES),
    weights=st.tuples(st.sampled_from([0.3, 0.0, 1.0, 0.07]), st.sampled_from([0.0, 0.1, 1 / 3])),
    window=st.sampled_from([90, 90, 3, 1]),
)
def test_a_stranger_comes_to_the_published_figures(
    client, page, *, steps, place, weights, window
) -> None:
    """Each step happens some hours after the last, and may reach back two days."""
    zone, end = place
    page.components.all().delete()
    page.days.all().delete()
    Page.objects.filter(pk=page.pk).update(
        timezone=zone, partial_weight=weights[0], degraded_weight=weights[1]
    )
    components = [
        new_component(page, "API", at=end - timedelta(hours=100.7)),
        new_component(page, "Web", at=end - timedelta(hours=61, microseconds=1)),
    ]
    for number, step in enumerate(steps, start=1):
        happen(components[number % 2], end - timedelta(hours=90 - 6 * number), end, step)
    limits.STORAGE.reset()
    cache.clear()
    with time_machine.travel(end, tick=False):
        said = ask(client, days=window)
        html = client.get("/status/acme").content.decode()

    whole, each = recount(said)

    assert said["page"]["uptime"] == whole
    assert {known["id"]: known["uptime"] for known in said["components"]} == each
    if window == 90:
        for known in said["components"]:
            assert shown_on(html, known["name"]) == shown(known["uptime"])


def happen(component: Component, at: datetime, end: datetime, step: tuple) -> None:
    kind, status, shift, length = step
    since = min(at + timedelta(microseconds=shift), end)
    until = min(since + timedelta(microseconds=length), end)
    if kind == "tick":
        days.fold_finished_days(at=at)
    elif kind == "gap":
        with changing(component.page_id):
            if status:
                gaps.open_gap(component=component, since=since, reason="not_checked")
            else:
                gaps.close_gap(component=component, until=since)
    elif kind == "word":
        since = max(since, component.created_at)
        if since < until:
            actions.reclassify(
                component=component,
                since=since,
                until=until,
                kind="maintenance" if status else "checker_fault",
                reason="Because.",
                actor=SYSTEM,
                at=end,
            )
    elif kind == "withdraw":
        for made in component.reclassifications.in_force()[:1]:
            actions.withdraw_reclassification(reclassification=made, actor=SYSTEM, at=end)
    elif kind == "pin":
        ends = since + timedelta(microseconds=length)
        say(component, MANUAL, status, since, pinned=status is not None, until=ends)
    else:
        say(component, kind, status, since)


def shown(three_decimals: str | None) -> str:
    """As the page writes it: two decimals, cut, and nothing where there is no figure."""
    if three_decimals is None:
        return ""
    return "100%" if three_decimals == "100.000" else f"{three_decimals[:-1]}%"


def shown_on(html: str, name: str) -> str:
    found = re.search(
        rf"<bdi>{name}</bdi>(?:(?!<bdi>).)*?class=\"percent\">([^<]*)<", html, re.DOTALL
    )
    assert found
    return found[1]
