"""A component's past on the desk: reading it, correcting it, taking the correction back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actor import SYSTEM
from accounts.models import User
from pages import actions, days, gaps
from pages.models import Component, Page, Reclassification
from pages.sources import CHECKS
from pages.status import Status
from pages.versions import changing
from tests.pages.timeline import new_component, say
from tests.web.dashboard.conftest import address

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DOWN, UP = NOON - 6 * HOUR + timedelta(microseconds=250), NOON - 4 * HOUR + timedelta(seconds=7)
TO = "\N{EN DASH}"
SPAN = {"since": DOWN.isoformat(), "until": UP.isoformat()}
FILLED = {
    "kind": "checker_fault",
    "since": "2026-03-10T07:00",
    "until": "2026-03-10T09:00",
    "exact_since": DOWN.isoformat(),
    "exact_until": UP.isoformat(),
    "reason": "The probe's network was down.",
}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def api(page: Page) -> Component:
    """In Berlin: down this morning from 7 to 9, unobserved from 10 to 11."""
    Page.objects.filter(pk=page.pk).update(timezone="Europe/Berlin")
    component = new_component(page, at=NOON - 48 * HOUR)
    say(component, CHECKS, Status.MAJOR, DOWN)
    say(component, CHECKS, None, UP)
    with changing(page.pk):
        gaps.open_gap(component=component, since=NOON - 3 * HOUR, reason="not_checked")
        gaps.close_gap(component=component, until=NOON - 2 * HOUR)
    return component


def sayable(component: Component, **changed: object) -> Reclassification:
    values = {
        "since": DOWN,
        "until": UP,
        "kind": "maintenance",
        "reason": "We moved house.",
        "actor": SYSTEM,
        "at": NOON,
    }
    return actions.reclassify(component=component, **{**values, **changed})


def shown(client: Client, page: Page, component: Component, **query: object) -> list[tuple]:
    answer = client.get(address("component_history", page, component), query)
    assert answer.status_code == 200
    return [(row.words, row.length, row.counts_as) for row in answer.context["rows"]]


def test_the_past_is_told_newest_first_with_what_it_counts_as(desk, page, api) -> None:
    assert shown(desk, page, api) == [
        ("Operational", "2 h", "Uptime"),
        ("No data", "1 h", "Not observed"),
        ("Operational", "59 min", "Uptime"),
        ("Major outage", "2 h", "Downtime"),
        ("Operational", "1 day", "Uptime"),
    ]
    html = desk.get(address("component_history", page, api)).content.decode()
    assert "10 Mar, 11:00:00" in html
    assert f"</time>{TO}now" in html
    assert f"10 Mar, 07:00:00</time>{TO}" in html
    assert "95.740%" in html


def test_only_trouble_that_counts_offers_to_be_corrected(desk, page, api) -> None:
    html = desk.get(address("component_history", page, api)).content.decode()
    offer = f"{address('component_reclassify', page, api)}?since="
    assert html.count(offer) == 1
    sayable(api)
    assert offer not in desk.get(address("component_history", page, api)).content.decode()


def test_what_was_said_is_told_beside_what_was_seen(desk, page, api, operator) -> None:
    sayable(api, until=UP - HOUR, actor=operator)
    assert shown(desk, page, api)[3:5] == [
        ("Major outage", "1 h", "Downtime"),
        ("Major outage", "1 h", "Maintenance"),
    ]
    html = desk.get(address("component_history", page, api)).content.decode()
    for text in ("We moved house.", operator.label, "10 Mar, 13:00", "Withdraw"):
        assert text in html


def test_a_long_past_is_told_in_screens(desk, page) -> None:
    component = new_component(page, at=NOON - 200 * HOUR)
    for number in range(60):
        say(component, CHECKS, Status.MAJOR, NOON - (190 - 3 * number) * HOUR)
        say(component, CHECKS, None, NOON - (189 - 3 * number) * HOUR)
    assert len(shown(desk, page, component)) == 50
    assert len(shown(desk, page, component, screen=3)) == 21


def test_the_form_is_filled_with_the_span_that_was_asked_for(desk, page, api) -> None:
    html = desk.get(address("component_reclassify", page, api), SPAN).content.decode()
    assert 'value="2026-03-10T07:00"' in html
    assert 'value="2026-03-10T09:00"' in html
    assert f'value="{DOWN.isoformat()}"' in html


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"since": "x", "until": "y"},
        {"since": "2026-03-10T07:00", "until": "2026-03-10T09:00"},
        {"since": "0001-01-01T00:00:00+14:00", "until": UP.isoformat()},
        {"since": "a\0b", "until": "9" * 5000},
    ],
)
def test_an_address_that_names_no_span_brings_an_empty_form(desk, page, api, query) -> None:
    answer = desk.get(address("component_reclassify", page, api), query)
    assert answer.status_code == 200
    assert answer.context["form"].initial == {}


def test_first_it_says_what_would_change_and_changes_nothing(desk, page, api) -> None:
    answer = desk.post(address("component_reclassify", page, api), FILLED)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert (answer.context["before"], answer.context["after"]) == ("95.740%", "100%")
    assert "Was the checker broken?" in html
    assert "This time will count as not observed" in html
    assert not Reclassification.objects.exists()


def test_then_it_is_done_to_the_last_microsecond(desk, page, api, owner) -> None:
    answer = desk.post(
        address("component_reclassify", page, api), {**FILLED, "step": "sure"}, follow=True
    )
    made = Reclassification.objects.get()
    assert (made.since, made.until) == (DOWN, UP)
    assert (made.kind, made.reason, made.user) == ("checker_fault", FILLED["reason"], owner)
    assert "Reclassified. The page shows the new figure." in answer.content.decode()
    page.refresh_from_db()
    assert days.ninety_days(page, at=NOON).components[api.pk].ratio == 1


def test_the_figure_that_was_promised_is_the_one_that_is_published(desk, page, api) -> None:
    values = {**FILLED, "kind": "maintenance", "since": "2026-03-10T08:13", "step": ""}
    promised = desk.post(address("component_reclassify", page, api), values).context["after"]
    desk.post(address("component_reclassify", page, api), {**values, "step": "sure"})
    said = desk.get("/api/status-pages/acme/intervals.json").json()
    assert promised == f"{said['components'][0]['uptime']}%"
    assert promised not in {"95.740%", "100%"}


def test_times_that_were_changed_are_those_of_the_clock(desk, page, api) -> None:
    values = {**FILLED, "since": "2026-03-10T06:30", "step": "sure"}
    desk.post(address("component_reclassify", page, api), values)
    assert Reclassification.objects.get().since == NOON - 6.5 * HOUR
    assert Reclassification.objects.get().until == UP


def test_in_the_hour_that_comes_twice_the_span_of_the_row_counts(desk, page) -> None:
    """In Berlin on 26 October 2025, 00:30 and 01:30 UTC both read 02:30."""
    Page.objects.filter(pk=page.pk).update(timezone="Europe/Berlin")
    with time_machine.travel(datetime(2025, 10, 27, tzinfo=UTC), tick=False):
        second = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
        old = new_component(page, at=second - 48 * HOUR)
        values = {
            **FILLED,
            "since": "2025-10-26T02:30",
            "until": "2025-10-26T02:45",
            "exact_since": second.isoformat(),
            "exact_until": (second + HOUR / 4).isoformat(),
            "step": "sure",
        }
        desk.post(address("component_reclassify", page, old), values)
    assert Reclassification.objects.get().since == second


def test_one_may_go_back_and_change_what_was_filled_in(desk, page, api) -> None:
    answer = desk.post(address("component_reclassify", page, api), {**FILLED, "step": "change"})
    assert answer.status_code == 200
    assert 'value="The probe&#x27;s network was down."' in answer.content.decode()
    assert not Reclassification.objects.exists()


@pytest.mark.parametrize("step", ["", "sure"])
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", ""),
        ("kind", "operational"),
        ("since", ""),
        ("since", "yesterday"),
        ("since", "2026-03-01T00:00"),
        ("until", "2026-03-10T07:00"),
        ("until", "2026-03-10T13:01"),
        ("until", "9999-12-31T23:59"),
        ("reason", ""),
        ("reason", "x" * 501),
        ("reason", "a\0b"),
        ("reason", "a\u202eb"),
    ],
)
def test_what_cannot_be_said_comes_back_with_a_reason(
    desk, page, api, *, field, value, step
) -> None:
    exact = {"exact_since": "", "exact_until": ""}
    values = {**FILLED, **exact, field: value, "step": step}
    answer = desk.post(address("component_reclassify", page, api), values)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Reclassification.objects.exists()


def test_it_is_withdrawn_after_a_question(desk, page, api) -> None:
    made = sayable(api)
    url = address("reclassification_withdraw", page, made)
    asked = desk.get(url).content.decode()
    assert "We moved house." in asked
    assert Reclassification.objects.in_force().exists()
    desk.post(url)
    assert not Reclassification.objects.in_force().exists()
    html = desk.get(address("component_history", page, api)).content.decode()
    assert "Withdrawn 10 Mar, 13:00" in html
    again = desk.post(url, follow=True)
    assert "It is withdrawn already." in again.content.decode()


def test_a_viewer_sees_and_cannot_act(desk_of_viewer, page, api) -> None:
    made = sayable(api, until=UP - HOUR)
    html = desk_of_viewer.get(address("component_history", page, api)).content.decode()
    assert "We moved house." in html
    for address_of_act in (
        address("component_reclassify", page, api),
        address("reclassification_withdraw", page, made),
    ):
        assert address_of_act not in html
        assert desk_of_viewer.get(address_of_act).status_code == 403
        assert desk_of_viewer.post(address_of_act, FILLED).status_code == 403


def test_strangers_and_rows_of_other_pages_are_missing(
    desk, page, api, client_of: Callable[[User], Client], stranger
) -> None:
    made = sayable(api)
    addresses = [
        address("component_history", page, api),
        address("component_reclassify", page, api),
        address("reclassification_withdraw", page, made),
    ]
    for url in addresses:
        assert client_of(stranger).get(url).status_code == 404
        assert Client().get(url).status_code == 302
    other = actions.create_page(project=page.project, name="B", actor=SYSTEM, at=NOON)
    assert desk.post(address("reclassification_withdraw", other, made)).status_code == 404
    assert desk.get(address("component_history", other, api)).status_code == 404


def test_the_components_lead_to_their_history(desk_of_viewer, page, api) -> None:
    html = desk_of_viewer.get(address("components", page)).content.decode()
    assert address("component_history", page, api) in html


def test_the_number_of_queries_does_not_grow(desk, page, api) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(desk, page, api)
        return len(queries)

    few = count()
    for number in range(10):
        sayable(api, until=UP - number * HOUR / 10)
        say(api, CHECKS, Status.MAJOR, NOON - HOUR + number * HOUR / 20)
        say(api, CHECKS, None, NOON - HOUR + (number + 0.5) * HOUR / 20)
    assert count() == few
