"""Nothing that cannot be stored and shown gets in, and nothing ends in a 500."""

import pytest
from django.test import Client

from accounts.models import Project
from incidents.models import Incident
from pages.models import Component, ComponentGroup, Page
from tests.web.dashboard.conftest import address

BROKEN = [
    "a\x00b",
    "a\x1bb",
    "a\x85b",
    "a\u2028b",
    "a\ufffeb",
    "x" * 30_000,
]
INCIDENT = {"name": "Cards fail", "status": "investigating", "body": "We look."}
COMPONENT = {
    "name": "API",
    "slug": "api",
    "description": "",
    "group": "",
    "failure_threshold": 1,
    "recovery_threshold": 1,
}


@pytest.mark.parametrize("field", ["name", "body", "status"])
def test_broken_text_opens_no_incident(desk: Client, page: Page, field: str) -> None:
    for text in BROKEN:
        answer = desk.post(address("incident_new", page), INCIDENT | {field: text})

        assert answer.status_code == 422
        assert field in answer.context["form"].errors
    assert not Incident.objects.exists()


@pytest.mark.parametrize("field", COMPONENT)
def test_broken_text_makes_no_component(desk: Client, page: Page, field: str) -> None:
    for text in BROKEN:
        answer = desk.post(address("component_new", page), COMPONENT | {field: text})

        assert answer.status_code == 422
    assert not Component.objects.exists()


@pytest.mark.parametrize("field", ["name", "subdomain", "timezone", "project"])
def test_broken_text_makes_no_page(desk: Client, project: Project, field: str) -> None:
    values = {"name": "Pay", "subdomain": "pay", "timezone": "UTC", "project": str(project.id)}
    for text in BROKEN:
        answer = desk.post(address("page_new"), values | {field: text})

        assert answer.status_code == 422
    assert not Page.objects.exists()


def test_broken_text_makes_no_group(desk: Client, page: Page) -> None:
    for text in BROKEN:
        assert desk.post(address("group_new", page), {"name": text}).status_code == 422
    assert not ComponentGroup.objects.exists()


@pytest.mark.parametrize("field", ["body", "status", "seen"])
def test_broken_text_posts_no_update(
    desk: Client, page: Page, incident: Incident, field: str
) -> None:
    form = {
        "status": "identified",
        "body": "x",
        "seen": incident.updated_at.isoformat(),
        f"system-{page.components.get().pk}": "major_outage",
    }
    for text in BROKEN:
        answer = desk.post(address("update_new", page, incident), form | {field: text})

        assert answer.status_code in {409, 422}
    assert incident.updates.count() == 1


def test_broken_text_is_previewed_as_nothing(desk: Client, page: Page) -> None:
    for text in BROKEN:
        answer = desk.post(address("incident_new_preview", page), {"body": text, "status": text})

        assert answer.status_code == 200


@pytest.mark.parametrize("name", ["incident_new", "component_new", "group_new", "settings"])
def test_an_empty_form_names_what_is_missing(desk: Client, page: Page, name: str) -> None:
    answer = desk.post(address(name, page), {"nothing": "here"})

    assert answer.status_code == 422
    assert "name" in answer.context["form"].errors


@pytest.mark.parametrize(
    "path",
    ["/status-pages/x", "/status-pages/%00", "/status-pages/..%2f", "/status-pages/" + "9" * 5000],
)
def test_odd_addresses_are_missing(desk: Client, path: str) -> None:
    assert desk.get(path).status_code == 404


def test_templates_in_names_stay_text(desk: Client, page: Page) -> None:
    desk.post(address("component_new", page), COMPONENT | {"name": "{{ 7|add:7 }}${x}{0}"})

    html = desk.get(address("components", page)).content.decode()

    assert "{{ 7|add:7 }}${x}{0}" in html
