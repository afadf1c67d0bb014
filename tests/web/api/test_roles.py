"""Every role against every route of the JSON door."""

import re
import uuid
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import AuditEvent
from accounts.roles import Role
from incidents.models import Incident, IncidentTemplate, IncidentUpdate, Postmortem
from tests.factories import (
    ComponentFactory,
    IncidentUpdateFactory,
    OrganizationMembershipFactory,
    PageFactory,
    ProjectMembershipFactory,
    UserFactory,
)

UPDATE = {"message": "Still looking.", "status": "IDENTIFIED"}
# Method and route, body, what its refusal is about. `<update>` is the incident's only one.
ROUTES = {
    "post admin/incidents": (
        {
            "title": "Down",
            "severity": "MAJOR",
            "serviceIds": ["website"],
            "initialMessage": "Looking.",
        },
        "incident.create",
    ),
    "post admin/incidents/<incident>/updates": (UPDATE, "incident.update"),
    "post incidents": ({"name": "Down", "componentIds": ["website"]}, "incident.create"),
    "patch incidents/<incident>": ({"name": "Up"}, "incident.update"),
    "delete incidents/<incident>": (None, "incident.delete"),
    "post incidents/<incident>/updates": ({"body": "Found."}, "incident.update"),
    "patch incidents/<incident>/updates/<update>": ({"body": "Now."}, "update.edit"),
    "delete incidents/<incident>/updates/<update>": (None, "update.delete"),
    "put incidents/<incident>/postmortem": ({"bodyDraft": "Why."}, "postmortem.write"),
    "post incidents/<incident>/postmortem/publish": (None, "postmortem.publish"),
    "post incidents/<incident>/postmortem/revert": (None, "postmortem.publish"),
    "post incidents/<incident>/postmortem/ignore": (None, "postmortem.write"),
    "post status-pages/<page>/incident-templates": (
        {"name": "Outage", "title": "Outage", "body": "Down."},
        "template.create",
    ),
}
READING = {
    "get incidents/<incident>": "page.view",
    "get status-pages/<page>/incident-templates": "page.view",
}
LISTS = {"get incidents", "get incidents/<incident>/postmortem"}
PUBLIC = {"status", "subscribe", "subscribers", "openapi.json", "docs", ""}
ANSWERS = {
    "organization owner": 201,
    "owner": 201,
    "editor": 201,
    "viewer": 403,
    "plain member": 403,
    "stranger": 404,
    "nobody": 404,
    "anonymous": 401,
}


@pytest.fixture
def people(project, stranger):
    """A person for each answer; the stranger owns another organization with its own page."""

    def held(role):
        return ProjectMembershipFactory(project=project, role=role).user

    def membership(**fields: object):
        return OrganizationMembershipFactory(organization=project.organization, **fields).user

    return {
        "organization owner": membership(is_owner=True),
        "owner": held(Role.OWNER),
        "editor": held(Role.EDITOR),
        "viewer": held(Role.VIEWER),
        "plain member": membership(),
        "stranger": stranger,
        "nobody": UserFactory(),
        "anonymous": None,
    }


def test_the_tables_above_name_every_route():
    [door] = [each for each in get_resolver().url_patterns if str(each.pattern) == "api/"]
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)_id>", r"<\1>", str(route.pattern))
        for part in door.url_patterns
        if not isinstance(part, URLPattern)
        for route in part.url_patterns
    }
    named = {name.split()[1] for name in [*ROUTES, *READING, *LISTS]}
    assert routes == named | PUBLIC


def rows():
    tables = (Incident, IncidentUpdate, Postmortem, IncidentTemplate)
    return [row for table in tables for row in table.objects.order_by("id").values()]


@pytest.mark.parametrize("case", list(product(ANSWERS, ROUTES)), ids=" ".join)
def test_each_role_is_answered_as_the_table_says(call, people, path_of, caplog, case):
    who, name = case
    method, route = name.split()
    body, action = ROUTES[name]
    path, before = path_of(route), rows()

    response = call(method, path, body, user=people[who])

    refusals = AuditEvent.objects.filter(outcome="refused")
    if ANSWERS[who] == 201:
        # The only update of a story cannot be deleted by anybody.
        assert response.status_code in {200, 201, 204, 409}, response.content
        assert response.status_code == 409 or rows() != before
        assert not refusals
        assert "[SECURITY]" not in caplog.text
        return
    assert response.status_code == ANSWERS[who], response.content
    assert rows() == before
    assert "[SECURITY]" in caplog.text
    if who == "anonymous":
        assert not refusals
        return
    assert [(row.user, row.action) for row in refusals] == [(people[who], action)]


@pytest.mark.parametrize("case", list(product(ANSWERS, READING)), ids=" ".join)
def test_every_member_reads_what_is_theirs(call, people, path_of, case):
    who, name = case
    _, route = name.split()
    response = call("get", path_of(route), user=people[who])
    expected = ANSWERS[who] if ANSWERS[who] in {401, 404} else 200
    assert response.status_code == expected
    if expected == 404:
        row = AuditEvent.objects.get(outcome="refused")
        assert (row.user, row.action) == (people[who], READING[name])


@pytest.mark.parametrize("who", ANSWERS)
def test_lists_hold_what_is_theirs(call, people, incident, who):
    response = call("get", "/api/incidents", user=people[who])
    if who == "anonymous":
        assert response.status_code == 401
        return
    ids = [row["id"] for row in response.json()["incidents"]]
    assert ids == ([] if ANSWERS[who] == 404 else [str(incident.pk)])


@pytest.mark.parametrize("name", [name for name in [*ROUTES, *READING] if "<incident>" in name])
@pytest.mark.parametrize("who", ["owner", "stranger", "nobody"])
def test_foreign_and_missing_incidents_are_answered_alike(call, people, who, name):
    method, route = name.split()
    body, _ = ROUTES.get(name, (None, ""))
    foreign = IncidentUpdateFactory()
    answers = set()
    for incident_id, update_id in [(foreign.incident_id, foreign.pk), (uuid.uuid4(), uuid.uuid4())]:
        path = route.replace("<incident>", str(incident_id)).replace("<update>", str(update_id))
        response = call(method, f"/api/{path}", body, user=people[who])
        answers.add((response.status_code, response.content))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_an_update_of_another_incident_is_missing(call, people, path_of):
    foreign = IncidentUpdateFactory()
    path = path_of(f"incidents/<incident>/updates/{foreign.pk}")
    assert call("patch", path, {"body": "Mine."}, user=people["owner"]).status_code == 404
    assert call("delete", path, user=people["owner"]).status_code == 404


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("post admin/incidents", {"title": "X", "severity": "MAJOR", "initialMessage": "X"}),
        ("post incidents", {"name": "X"}),
        ("post incidents", {"name": "X", "statusPageId": "acme"}),
        ("post incidents", {"name": "X", "status": "draft"}),
        ("post incidents/<incident>/updates", {}),
        ("patch incidents/<incident>", {"name": "Renamed"}),
    ],
)
def test_a_foreign_component_nested_in_a_body_is_missing(call, people, path_of, name, body):
    foreign = ComponentFactory(slug="payroll")
    method, route = name.split()
    before = rows()
    keys = ["serviceIds"] if "admin" in route else ["componentIds", "components"]
    for key, reference in product(keys, [str(foreign.pk), "payroll"]):
        named = {reference: "major_outage"} if key == "components" else ["website", reference]
        response = call(method, path_of(route), body | {key: named}, user=people["owner"])
        assert response.status_code == 404, response.content
    assert rows() == before
    refusals = AuditEvent.objects.filter(outcome="refused", object_type="component")
    assert {row.object_id for row in refusals} == {str(foreign.pk), "payroll"}


@pytest.mark.parametrize("known", [True, False])
def test_a_foreign_page_is_missing(call, people, known):
    reference = PageFactory(subdomain="theirs").subdomain if known else "nowhere"
    for method, path, body in [
        ("post", "/api/incidents", {"name": "X", "statusPageId": reference}),
        ("get", f"/api/incidents?statusPageId={reference}", None),
    ]:
        response = call(method, path, body, user=people["owner"])
        assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_refusals_of_one_minute_share_a_row(call, people, path_of):
    for _ in range(3):
        call("post", path_of("admin/incidents/<incident>/updates"), UPDATE, user=people["viewer"])
    rows = AuditEvent.objects.filter(outcome="refused")
    assert sum(row.count for row in rows) == 3
    assert len(rows) <= 2


@pytest.mark.parametrize("name", ["not-a-uuid", "1", "%00", "..%2f..", "x" * 3000])
def test_what_is_no_id_is_not_found_without_a_query(name, django_assert_num_queries, db):
    path = f"/api/admin/incidents/{name}/updates"
    with django_assert_num_queries(0):
        response = Client().post(path, UPDATE, content_type="application/json")
    assert response.status_code == 404
    assert response.json()["error"] == "not_found"
