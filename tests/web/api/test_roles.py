"""Every role against every route of the JSON door."""

import uuid
from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import AuditEvent
from accounts.roles import Role
from incidents.models import Incident, IncidentUpdate
from tests.factories import (
    ComponentFactory,
    IncidentFactory,
    OrganizationMembershipFactory,
    ProjectMembershipFactory,
    UserFactory,
)

NEW_INCIDENT = {
    "title": "Down",
    "severity": "MAJOR",
    "serviceIds": ["website"],
    "initialMessage": "Looking.",
}
UPDATE = {"message": "Still looking.", "status": "IDENTIFIED"}
# Route, body, what its refusal is about.
ROUTES = {
    "admin/incidents": (NEW_INCIDENT, "incident.create"),
    "admin/incidents/<incident>/updates": (UPDATE, "incident.update"),
}
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
        str(route.pattern).replace("<uuidstr:incident_id>", "<incident>")
        for part in door.url_patterns
        if not isinstance(part, URLPattern)
        for route in part.url_patterns
    }
    assert routes == set(ROUTES) | PUBLIC


@pytest.mark.parametrize("case", list(product(ANSWERS, ROUTES)), ids=" ".join)
def test_each_role_is_answered_as_the_table_says(call, people, path_of, caplog, case):
    who, route = case
    body, action = ROUTES[route]
    path = path_of(route)

    response = call("post", path, body, user=people[who])

    assert response.status_code == ANSWERS[who], response.content
    refusals = AuditEvent.objects.filter(outcome="refused")
    done = Incident.objects.count() + IncidentUpdate.objects.count() - 2
    if response.status_code == 201:
        assert done
        assert not refusals
        assert "[SECURITY]" not in caplog.text
        return
    assert done == 0
    assert "[SECURITY]" in caplog.text
    if who == "anonymous":
        assert not refusals
        return
    assert [(row.user, row.action) for row in refusals] == [(people[who], action)]


@pytest.mark.parametrize("who", ["owner", "stranger", "nobody"])
def test_foreign_and_missing_incidents_are_answered_alike(call, people, who):
    foreign = IncidentFactory()
    answers = {
        (response.status_code, response.content)
        for pk in (foreign.pk, uuid.uuid4())
        for response in [
            call("post", f"/api/admin/incidents/{pk}/updates", UPDATE, user=people[who])
        ]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_a_foreign_service_nested_in_a_body_is_missing(call, people, component):
    foreign = ComponentFactory()
    body = NEW_INCIDENT | {"serviceIds": [str(foreign.pk)]}
    assert call("post", "/api/admin/incidents", body, user=people["owner"]).status_code == 404


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
