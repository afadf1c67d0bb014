"""The public documents over Django."""

import json

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from accounts.actor import SYSTEM
from incidents.actions import open_incident
from pages.models import Component, Page
from pages.status import Status
from tests.factories import PageFactory

TREE = [
    *("", "/api/v2/status.json", "/api/v2/summary.json", "/api/v2/incidents/unresolved.json"),
    *("/history", "/history/archive", "/history/incidents", "/maintenance.ics"),
]


@pytest.fixture
def incident_path(page: Page, component: Component) -> str:
    incident = open_incident(
        page=page,
        name="Down",
        body="We look.",
        statuses={component: Status.MAJOR},
        actor=SYSTEM,
        at=now(),
    )
    return f"/incidents/{incident.id}"


def test_a_page_by_its_subdomain_and_by_its_id(client: Client, page: Page) -> None:
    for ref in ("acme", str(page.id)):
        for path in (f"/status/{ref}", f"/status/{ref}/"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert b"All systems are operational" in answer.content


def test_an_incidents_page(client: Client, page: Page, incident_path: str) -> None:
    for ref in ("acme", str(page.id)):
        answer = client.get(f"/status/{ref}{incident_path}")
        assert answer.status_code == 200
        assert b"We look." in answer.content


@pytest.mark.parametrize("path", TREE)
def test_every_document_in_its_tree_and_at_the_root(client: Client, page: Page, path: str) -> None:
    answer = client.get(f"/status/acme{path}")

    assert answer.status_code == 200
    assert client.get(path or "/").content == answer.content


def test_a_query_changes_nothing(client: Client, page: Page, incident_path: str) -> None:
    asked = client.get("/status/acme/api/v2/incidents.json?page=2&per_page=1")

    assert len(json.loads(asked.content)["incidents"]) == 1


@pytest.mark.parametrize("path", ["/history/2026-13", "/history/nothing", "/api/v2/nothing.json"])
def test_what_is_no_document_is_not_found(client: Client, page: Page, path: str) -> None:
    assert client.get(f"/status/acme{path}").status_code == 404


@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_unpublished_unknown_and_misspelt_are_the_same_404(
    client: Client, page: Page, incident_path: str, state: Page.State
) -> None:
    unknown = client.get("/status/unknown")
    Page.objects.update(status=state)

    for path in [*TREE, incident_path]:
        answer = client.get(f"/status/acme{path}")
        assert answer.status_code == unknown.status_code == 404
        assert answer.content == unknown.content


def test_public_answers_set_no_cookie_and_vary_with_none(client: Client, page: Page) -> None:
    answer = client.get("/status/acme")

    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_an_unchanged_document_is_a_304(client: Client, page: Page) -> None:
    first = client.get("/status/acme/api/v2/status.json")

    second = client.get("/status/acme/api/v2/status.json", headers={"if-none-match": first["ETag"]})

    assert (second.status_code, second.content) == (304, b"")


def test_head_is_answered_and_other_methods_are_not(client: Client, page: Page) -> None:
    assert client.head("/status/acme").status_code == 200
    assert client.post("/status/acme").status_code == 405


def test_the_only_published_page_answers_at_the_root(
    client: Client, page: Page, incident_path: str
) -> None:
    PageFactory(status=Page.State.DRAFT)

    assert client.get("/").content.startswith(b"<!doctype html>")
    assert client.get(incident_path).status_code == 200
    assert json.loads(client.get("/api/v2/status.json").content)["page"]["name"] == "Acme"


def test_one_of_several_pages_is_the_default_by_its_name(
    client: Client, page: Page, settings: Settings
) -> None:
    PageFactory(name="Other", subdomain="other")
    settings.DEFAULT_PAGE = "other"

    assert b"<title>All systems are operational \xc2\xb7 Other" in client.get("/").content


def test_without_a_default_page_the_root_leads_to_sign_in(client: Client, page: Page) -> None:
    PageFactory()

    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/")
    assert client.get("/api/v2/status.json").status_code == 404


def test_an_old_unsubscribe_link_leads_to_its_page(client: Client, page: Page) -> None:
    answer = client.get("/?unsubscribe=a/b%0Ac")

    assert (answer.status_code, answer["Location"]) == (302, "/status/unsubscribe/a%2Fb%0Ac")
