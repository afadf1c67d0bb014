"""Listing incidents by JSON."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from incidents.lifecycle import IncidentStatus
from tests.factories import IncidentFactory, PageFactory

PATH = "/api/incidents"


def test_a_list_is_newest_first_and_paged(call, editor, page):
    start = now() - timedelta(days=1)
    rows = [IncidentFactory(page=page, started_at=start + timedelta(minutes=n)) for n in range(5)]
    ids = [str(row.pk) for row in reversed(rows)]
    first = call("get", f"{PATH}?perPage=2", user=editor).json()
    assert [row["id"] for row in first["incidents"]] == ids[:2]
    assert (first["page"], first["perPage"], first["nextPage"]) == (1, 2, 2)
    last = call("get", f"{PATH}?per_page=2&page=3", user=editor).json()
    assert [row["id"] for row in last["incidents"]] == ids[4:]
    assert last["nextPage"] is None
    assert call("get", f"{PATH}?page=10000", user=editor).json()["incidents"] == []


def test_a_list_is_filtered_by_page_and_status(call, editor, project, page):
    mine = IncidentFactory(page=page, status=IncidentStatus.RESOLVED)
    IncidentFactory(page=page)
    IncidentFactory(page=PageFactory(project=project), status=IncidentStatus.RESOLVED)
    query = f"statusPageId={page.subdomain}&status=Resolved"
    rows = call("get", f"{PATH}?{query}", user=editor).json()["incidents"]
    assert [row["id"] for row in rows] == [str(mine.pk)]
    query = f"status_page_id={page.pk}"
    assert len(call("get", f"{PATH}?{query}", user=editor).json()["incidents"]) == 2


def test_settled_drafts_are_in_no_list(call, editor, page):
    IncidentFactory(page=page, status=IncidentStatus.DRAFT, dismissed_at=now())
    waiting = IncidentFactory(page=page, status=IncidentStatus.DRAFT, automatic=True)
    rows = call("get", PATH, user=editor).json()["incidents"]
    assert [row["id"] for row in rows] == [str(waiting.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=99999",
        "perPage=101",
        "perPage=-1",
        "status=open",
        "status=",
        "sort=x",
    ],
)
def test_a_question_that_makes_no_sense_is_refused(call, editor, page, query):
    response = call("get", f"{PATH}?{query}", user=editor)
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {query.partition("=")[0]}


@pytest.mark.parametrize("name", ["%00", "%F0%9F%94%94", "a" * 90, "%2e%2e"])
def test_what_is_no_page_is_missing(call, editor, page, name):
    assert call("get", f"{PATH}?statusPageId={name}", user=editor).status_code == 404


def test_a_list_takes_the_same_queries_however_long(
    call, editor, page, services, django_assert_max_num_queries
):
    for n in range(8):
        body = {"name": f"Down {n}", "components": {"website": "offline", "checkout": "degraded"}}
        call("post", PATH, body, user=editor)
    with django_assert_max_num_queries(8):
        assert len(call("get", PATH, user=editor).json()["incidents"]) == 8
