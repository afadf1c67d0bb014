"""A double click on the form of an incident that is over."""

from incidents.models import Incident
from tests.web.dashboard.conftest import address


def test_a_double_click_enters_one_incident(client_of, owner, page):
    browser = client_of(owner)
    form = {
        "name": "Forgotten",
        "body": "It was down.",
        "closing": "",
        "began_at": "2026-01-01T10:00",
        "ended_at": "2026-01-01T11:00",
    }
    answers = [browser.post(address("backfill", page), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302], answers[0].content[-3000:]
    assert answers[0]["Location"].partition("?")[0] == answers[1]["Location"].partition("?")[0]
    assert Incident.objects.count() == 1
