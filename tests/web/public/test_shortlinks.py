"""`/i/<code>` leads to an incident wherever it is public, and nowhere else."""

import pytest
from django.test import Client

from incidents.models import Incident
from pages.models import Page
from tests.factories import IncidentFactory, IncidentUpdateFactory, MaintenanceFactory


@pytest.fixture
def incident(page: Page) -> Incident:
    row = IncidentFactory(page=page, code="abc123xyz9")
    IncidentUpdateFactory(incident=row)
    return row


@pytest.mark.parametrize("code", ["abc123xyz9", "ABC123XYZ9", "abc123xyz9/"])
def test_a_code_leads_to_its_incident_in_any_case(
    client: Client, incident: Incident, code: str
) -> None:
    answer = client.get(f"/i/{code}")

    assert answer.status_code == 302
    assert answer["Location"] == f"/status/acme/incidents/{incident.id}"
    assert client.get(answer["Location"]).status_code == 200


def test_it_follows_a_page_that_is_called_something_else(
    client: Client, incident: Incident
) -> None:
    Page.objects.update(subdomain="renamed")

    answer = client.get("/i/abc123xyz9")

    assert answer["Location"] == f"/status/renamed/incidents/{incident.id}"


def test_maintenances_have_one_too(client: Client, page: Page) -> None:
    row = MaintenanceFactory(page=page)
    IncidentUpdateFactory(incident=row)

    assert client.get(f"/i/{row.code}").status_code == 302


def test_the_answer_is_kept_for_a_minute_and_sets_no_cookie(
    client: Client, incident: Incident
) -> None:
    answer = client.get("/i/abc123xyz9")

    assert answer["Cache-Control"] == "public, max-age=60"
    assert not answer.cookies


def test_drafts_unpublished_pages_and_unknown_codes_are_the_same_404(
    client: Client, incident: Incident
) -> None:
    answers = [client.get("/i/nothing")]
    Incident.objects.update(status="draft")
    answers.append(client.get("/i/abc123xyz9"))
    Incident.objects.update(status="investigating")
    Page.objects.update(status=Page.State.DRAFT)
    answers.append(client.get("/i/abc123xyz9"))
    Page.objects.update(status=Page.State.PUBLISHED)
    incident.updates.update(published_at=None)
    answers.append(client.get("/i/abc123xyz9"))

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_only_reading_is_answered(client: Client, incident: Incident) -> None:
    assert client.head("/i/abc123xyz9").status_code == 302
    assert client.post("/i/abc123xyz9").status_code == 405
