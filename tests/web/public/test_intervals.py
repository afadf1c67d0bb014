"""What a percentage follows from, for anybody who asks."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import SYSTEM
from pages import actions, days
from pages.models import Component, Page, StatusInterval
from pages.sources import CHECKS
from pages.status import Status
from tests.factories import ComponentFactory, PageFactory
from tests.pages.timeline import new_component, say
from tests.web.public.conftest import CSV, HOUR, NOON, URL, ask
from tests.web.public.recount import recount

pytestmark = pytest.mark.usefixtures("at_noon")


def test_the_worked_example_of_the_document(client, page, api) -> None:
    said = ask(client)
    assert said["components"] == [
        {
            "id": str(api.pk),
            "name": "API",
            "uptime": "97.363",
            "intervals": [
                {
                    "from": "2026-03-10T00:00:00.000000Z",
                    "to": "2026-03-10T06:00:00.250000Z",
                    "status": "operational",
                    "held": False,
                },
                {
                    "from": "2026-03-10T06:00:00.250000Z",
                    "to": "2026-03-10T06:10:00.500000Z",
                    "status": "major_outage",
                    "held": False,
                },
                {
                    "from": "2026-03-10T06:10:00.500000Z",
                    "to": "2026-03-10T07:00:00.500000Z",
                    "status": "partial_outage",
                    "held": False,
                },
                {
                    "from": "2026-03-10T07:00:00.500000Z",
                    "to": "2026-03-10T12:00:00.000000Z",
                    "status": "operational",
                    "held": False,
                },
            ],
            "gaps": [
                {
                    "from": "2026-03-10T09:00:00.000000Z",
                    "to": "2026-03-10T10:00:00.000000Z",
                    "reason": "not_checked",
                }
            ],
            "reclassifications": [
                {
                    "from": "2026-03-10T06:05:00.000000Z",
                    "to": "2026-03-10T06:20:00.000000Z",
                    "kind": "checker_fault",
                    "reason": "The probe's network was down.",
                }
            ],
        }
    ]
    assert said["page"] == {
        "id": str(page.pk),
        "name": "Acme",
        "url": f"{settings.MAIN_URL}/status/acme",
        "time_zone": "UTC",
        "uptime": "97.363",
    }
    assert said["formula"] == {"version": 1, "url": f"{settings.MAIN_URL}/docs/uptime"}
    assert said["weights"] == {"major": "1", "partial": "0.3", "degraded": "0.0"}
    assert said["window"] == {"first": "2025-12-11", "last": "2026-03-10"}
    assert said["read_at"] == "2026-03-10T12:00:00.000000Z"
    assert len(said["days"]) == 90
    assert recount(said) == ("97.363", {str(api.pk): "97.363"})


def test_the_page_is_named_by_its_id_or_its_name_in_any_case(client, page, api) -> None:
    by_id = ask(client, f"/api/status-pages/{page.pk}/intervals.json")
    assert by_id == ask(client) == ask(client, "/api/status-pages/ACME/intervals.json")


def test_anybody_may_read_it_from_any_page_and_caches_may_keep_it(client, api) -> None:
    for url, kind in ((URL, "application/json"), (CSV, "text/csv")):
        answer = client.get(url, headers={"Origin": "https://elsewhere.example"})
        assert answer["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=10"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies
        assert client.head(url).status_code == 200
        assert client.post(url).status_code == 405


@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_what_visitors_may_not_see_is_missing(client, page, api, owner, state) -> None:
    Page.objects.filter(pk=page.pk).update(status=state)
    client.force_login(owner)
    for url in (URL, CSV, "/api/status-pages/nobody/intervals.json"):
        answer = client.get(url)
        assert answer.status_code == 404
        assert answer.json()["error"] == "not_found"


def test_no_operator_is_named(client, owner, operator, api) -> None:
    actions.reclassify(
        component=api,
        since=NOON - HOUR,
        until=NOON,
        kind="maintenance",
        reason="We moved.",
        actor=operator,
        at=NOON,
    )
    for url in (URL, CSV):
        body = client.get(url).content.decode()
        assert "We moved." in body
        assert owner.email not in body
        assert str(owner.pk) not in body


def test_what_is_withdrawn_is_told_no_more(client, api) -> None:
    actions.withdraw_reclassification(
        reclassification=api.reclassifications.get(), actor=SYSTEM, at=NOON
    )
    said = ask(client)
    assert said["components"][0]["reclassifications"] == []
    assert said["page"]["uptime"] == recount(said)[0] == "96.209"


def test_one_component_beside_the_figure_of_the_page(client, page, api) -> None:
    web = new_component(page, "Web", at=NOON - 12 * HOUR)
    whole, one = ask(client), ask(client, component=web.pk)
    assert [each["name"] for each in one["components"]] == ["Web"]
    assert one["components"][0]["uptime"] == "100.000"
    assert one["page"] == whole["page"]


@pytest.mark.parametrize("wrong", ["", "nonsense", "0190a5d0-ac96-774b-bcce-b302099a8057"])
def test_a_component_of_no_page_is_missing(client, api, wrong) -> None:
    assert client.get(URL, {"component": wrong}).status_code == 404


def test_a_component_of_another_page_is_missing(client, api) -> None:
    foreign = ComponentFactory(page=PageFactory())
    assert client.get(URL, {"component": foreign.pk}).status_code == 404


def test_fewer_days_are_counted_back_from_today(client, page) -> None:
    old = new_component(page, at=NOON - timedelta(days=80))
    say(old, CHECKS, Status.MAJOR, NOON - timedelta(days=40))
    say(old, CHECKS, None, NOON - timedelta(days=39))
    assert ask(client, days=7)["components"][0]["uptime"] == "100.000"
    week = ask(client, days=7)
    assert week["window"] == {"first": "2026-03-04", "last": "2026-03-10"}
    assert [each["from"] for each in week["components"][0]["intervals"]] == [
        "2026-03-04T00:00:00.000000Z"
    ]
    assert ask(client, days=90)["components"][0]["uptime"] == "98.750"


@pytest.mark.parametrize("wrong", ["0", "91", "-1", "1.5", "", "x", "9" * 400, "٣", "7 "])
def test_days_that_are_none_are_refused(client, api, wrong) -> None:
    answer = client.get(URL, {"days": wrong})
    assert answer.status_code == 400
    assert answer.json() == {
        "error": "bad_request",
        "message": "days: use a number from 1 to 90.",
    }


def test_a_page_without_components_has_no_percentage(client, page) -> None:
    said = ask(client)
    assert (said["page"]["uptime"], said["components"]) == (None, [])


def test_a_zone_that_no_longer_exists_reads_as_utc(client, page, api) -> None:
    Page.objects.filter(pk=page.pk).update(timezone="Mars/Olympus")
    assert ask(client)["page"]["time_zone"] == "UTC"


def test_one_source_is_slowed_down(client, api) -> None:
    for _ in range(30):
        assert client.get(URL).status_code == 200
    answer = client.get(CSV)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) >= 1
    assert answer.json()["error"] == "too_many_requests"


def test_the_number_of_queries_does_not_grow(client, page) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            ask(client)
        return len(queries)

    new_component(page, at=NOON - HOUR)
    few = count()
    for number in range(20):
        each = new_component(page, f"System {number}", at=NOON - HOUR)
        say(each, CHECKS, Status.MAJOR, NOON - HOUR / 2)
    assert count() == few == 13


def test_fifty_components_with_a_long_history_are_answered_soon(client, page) -> None:
    """An outage every other day in each: 4,500 intervals. The best of five on a busy machine."""
    components = [
        ComponentFactory(page=page, name=f"System {n}", created_at=NOON - timedelta(days=89))
        for n in range(50)
    ]
    StatusInterval.objects.bulk_create(
        row for each in components for row in _ups_and_downs(each, outages=44)
    )
    days.fold_finished_days(at=NOON)

    def took() -> float:
        begun = time.perf_counter()
        assert client.get(URL).status_code == 200
        return time.perf_counter() - begun

    with time_machine.travel(NOON, tick=True):
        assert min(took() for _ in range(5)) < 0.4


def _ups_and_downs(component: Component, *, outages: int) -> Iterator[StatusInterval]:
    up = component.created_at
    for number in range(1, outages + 1):
        down = component.created_at + timedelta(days=2) * number
        yield StatusInterval(component=component, status=Status.OPERATIONAL, span=(up, down))
        up = down + HOUR
        yield StatusInterval(component=component, status=Status.MAJOR, span=(down, up))
    yield StatusInterval(component=component, status=Status.OPERATIONAL, span=(up, None))
