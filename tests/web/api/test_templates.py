"""Templates by JSON."""

import pytest

from accounts.models import AuditEvent
from incidents.models import IncidentTemplate
from tests.factories import ComponentFactory, PageFactory


@pytest.fixture
def path(component):
    return "/api/status-pages/acme/incident-templates"


def new_template(**changes: object):
    return {"name": "Outage", "title": "{components} down", "body": "We look."} | changes


def test_a_template_is_created_and_listed(call, editor, viewer, path, component):
    body = new_template(
        updateStatus="identified", componentIds=["website"], shouldSendNotifications=False
    )
    response = call("post", path, body, user=editor)
    assert response.status_code == 201, response.content
    answer = response.json()
    assert (answer["use"], answer["updateStatus"]) == ("opening", "identified")
    assert answer["componentIds"] == [str(component.pk)]
    assert answer["shouldSendNotifications"] is False
    assert answer["statusPageId"] == str(component.page_id)
    assert AuditEvent.objects.filter(action="template.create").count() == 1
    assert call("get", path, user=viewer).json() == {"templates": [answer]}
    by_id = path.replace("acme", str(component.page_id))
    assert call("get", by_id, user=viewer).json() == {"templates": [answer]}


def test_defaults_are_those_of_the_documents(call, editor, path):
    answer = call("post", path, new_template(), user=editor).json()
    assert (answer["updateStatus"], answer["shouldSendNotifications"]) == ("investigating", True)
    snake = new_template(use="update", update_status=None, component_ids=[])
    assert call("post", path, snake, user=editor).json()["updateStatus"] is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"title": "x" * 256}, "title"),
        ({"body": ""}, "body"),
        ({"body": "x" * 25_001}, "body"),
        ({"use": "closing"}, "use"),
        ({"updateStatus": "resolved"}, "updateStatus"),
        ({"updateStatus": "done"}, "updateStatus"),
        ({"shouldSendNotifications": "t"}, "shouldSendNotifications"),
        ({"id": "1"}, "id"),
        ({"createdByUserId": "1"}, "createdByUserId"),
    ],
)
def test_what_cannot_be_is_named(call, editor, path, changes, field):
    response = call("post", path, new_template(**changes), user=editor)
    assert (response.status_code, set(response.json()["fields"])) == (422, {field})
    assert not IncidentTemplate.objects.exists()


def test_a_foreign_component_is_missing(call, editor, path):
    body = new_template(componentIds=[str(ComponentFactory().pk)])
    assert call("post", path, body, user=editor).status_code == 404


@pytest.mark.parametrize("name", ["theirs", "nowhere", "%00", "x", "%F0%9F%94%94"])
def test_foreign_and_missing_pages_are_answered_alike(call, editor, path, name):
    PageFactory(subdomain="theirs")
    for method, body in [("get", None), ("post", new_template())]:
        response = call(method, path.replace("acme", name), body, user=editor)
        assert response.status_code == 404
        assert response.json() == {"error": "not_found", "message": "Not found or access denied."}
