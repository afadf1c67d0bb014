"""Nothing that cannot be stored and shown gets into a plan, and nothing ends in a 500."""

import pytest
from django.test import Client

from accounts.actor import Actor
from incidents.models import Incident
from pages.models import Page
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import REPEATS, plan
from tests.web.dashboard.test_bad_input import BROKEN

FIELDS = [
    *("name", "body", "day", "starts", "ends", "last_day", "remind_before", "systems", "key"),
    *("often", "interval", "weekdays", "monthly_on", "until", "count", "exceptions"),
]
EDGES = ["-1", "9" * 5000, "0000-00-00", "0001-01-01", "2027-02-30", "24:00", "٣", "🛟"]


@pytest.mark.parametrize("field", FIELDS)
def test_broken_values_plan_nothing(desk: Client, page: Page, field: str) -> None:
    for text in BROKEN:
        values = REPEATS | {field: text}
        answer = desk.post(address("maintenance_new", page), values)
        preview = desk.post(address("maintenance_new_preview", page), values)

        assert (answer.status_code, preview.status_code) == (422, 200)
    assert not Incident.objects.exists()


@pytest.mark.parametrize("field", [field for field in FIELDS if field not in {"name", "body"}])
def test_values_at_the_edge_are_answered(desk: Client, page: Page, field: str) -> None:
    for text in EDGES:
        values = REPEATS | {field: text}

        assert desk.post(address("maintenance_new", page), values).status_code in {302, 422}
        assert desk.post(address("maintenance_new_preview", page), values).status_code == 200
        assert desk.post(address("maintenance_new_mail", page), values).status_code == 200


@pytest.mark.parametrize("name", ["maintenance_cancel", "maintenance_extend", "maintenance_move"])
def test_broken_words_take_no_step(desk: Client, page: Page, operator: Actor, name: str) -> None:
    planned = plan(page, operator)
    for field in ("body", "key", "seen"):
        for text in BROKEN:
            answer = desk.post(address(name, page, planned), REPEATS | {field: text})
            assert answer.status_code in {409, 422}
    assert planned.updates.count() == 1


@pytest.mark.parametrize("query", ["screen=x", "screen=-1", "ahead=99999", "ahead=%00"])
def test_a_screen_that_is_not_there_is_another_one(desk: Client, page: Page, query: str) -> None:
    assert desk.get(f"{address('maintenances', page)}?{query}").status_code == 200


def test_a_template_among_nonsense_is_answered(desk: Client, page: Page) -> None:
    url = address("maintenance_new", page)

    assert desk.get(url, {"template": "\x00", "day": "\x00"}).status_code == 404
