"""Whatever is sent to any route is answered in JSON, below 500, and stores nothing."""

import gzip
import json

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from incidents.models import Incident, IncidentTemplate, IncidentUpdate, Postmortem
from subscribers.models import SubscriptionRequest
from web import limits
from web.api import status
from web.api.incident_bodies import IncidentPatch, NewIncident

NEW_INCIDENT = {
    "title": "Down",
    "severity": "MAJOR",
    "serviceIds": ["website"],
    "initialMessage": "Looking.",
}
# Method and route, a good body, and a text field of it.
ROUTES = {
    "post admin/incidents": (NEW_INCIDENT, "initialMessage"),
    "post admin/incidents/<incident>/updates": (
        {"message": "Found.", "status": "IDENTIFIED"},
        "message",
    ),
    "post incidents": ({"name": "Down", "componentIds": ["website"]}, "name"),
    "patch incidents/<incident>": ({"name": "Up"}, "name"),
    "post incidents/<incident>/updates": ({"body": "Found."}, "body"),
    "patch incidents/<incident>/updates/<update>": ({"body": "Now."}, "body"),
    "put incidents/<incident>/postmortem": ({"bodyDraft": "Why."}, "bodyDraft"),
    "post status-pages/<page>/incident-templates": (
        {"name": "Outage", "title": "Outage", "body": "Down."},
        "body",
    ),
    "post subscribe": ({"email": "visitor@example.com", "services": ["website"]}, "email"),
    "post subscribers": (
        {"statusPageId": "acme", "email": "visitor@example.com", "componentIds": ["website"]},
        "email",
    ),
}
BAD_TEXT = {
    "NUL": "a\x00b",
    "bell": "a\x07b",
    "C1": "a\x85b",
    "lone surrogate": "a\ud800b",
    "line separator": "a\u2028b",
    "non-character": "a\uffffb",
    "marks": "e" + "\u0301" * 50,
    "wrong type": 12,
    "object": {"a": 1},
    "list": ["a"],
    "null": None,
    "true": True,
    "too long": "x" * 30_000,
}
BAD_BODY = {
    "empty": (b"", {400, 422}),
    "not JSON": (b"title=Down", {400}),
    "cut off": (b'{"title": "Do', {400}),
    "not UTF-8": (b'{"title": "\xff"}', {400}),
    "UTF-16": (json.dumps(NEW_INCIDENT).encode("utf-16"), {400}),
    "list": (b"[]", {422}),
    "string": (b'"title"', {422}),
    "null": (b"null", {422}),
    "number": (b"1", {422}),
    "deep lists": (b"[" * 100_000, {400}),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, {400}),
    "a little too deep": (b'{"title":' + b"[" * 30 + b"]" * 30 + b"}", {400}),
    "duplicate keys": (b'{"title": "a", "title": "b"}', {400}),
    "NaN": (b'{"title": NaN}', {400}),
    "infinity": (b'{"title": 1e999}', {400}),
    "huge integer": (b'{"title": ' + b"9" * 5000 + b"}", {400}),
    "too large": (b'{"title": "' + b"x" * 1_000_000 + b'"}', {413}),
    "unknown keys": (json.dumps({f"k{n}": n for n in range(1000)}).encode(), {422}),
    "too many keys": (json.dumps({f"k{n}": n for n in range(9000)}).encode(), {400}),
    "a long unknown key": (json.dumps({"k" * 90_000: 1}).encode(), {422}),
    "both spellings": (
        json.dumps(NEW_INCIDENT | {"service_ids": [], "initial_message": ""}).encode(),
        {422},
    ),
}


def rows():
    return [
        *Incident.objects.values(),
        *IncidentUpdate.objects.values(),
        *SubscriptionRequest.objects.values(),
        *Postmortem.objects.values(),
        *IncidentTemplate.objects.values(),
    ]


@pytest.fixture
def refused(call, editor, path_of):
    """Sends a body and asserts that it is refused as promised."""

    def send(route, body, codes, **headers: str):
        method, path = route.split()
        before = rows()
        response = call(method, path_of(path), body, user=editor, **headers)
        assert response.status_code in codes, (response.status_code, response.content[:300])
        assert response["Content-Type"] == "application/json"
        answer = response.json()
        assert set(answer) <= {"error", "message", "fields"}
        assert answer["message"].endswith(".")
        assert len(response.content) < 4000
        assert rows() == before
        return answer

    return send


@pytest.mark.parametrize("case", BAD_TEXT)
@pytest.mark.parametrize("route", ROUTES)
def test_bad_text(refused, route, case):
    good, field = ROUTES[route]
    refused(route, good | {field: BAD_TEXT[case]}, {400, 422})


@pytest.mark.parametrize("case", BAD_BODY)
@pytest.mark.parametrize("route", ROUTES)
def test_bad_bodies(refused, route, case):
    body, codes = BAD_BODY[case]
    refused(route, body, codes)


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
    ],
)
@pytest.mark.parametrize("route", ROUTES)
def test_other_content_types(refused, route, content_type):
    refused(route, ROUTES[route][0], {415}, Content_Type=content_type)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "x"])
@pytest.mark.parametrize("route", ROUTES)
def test_compressed_bodies(refused, route, encoding):
    body = gzip.compress(json.dumps(ROUTES[route][0]).encode())
    refused(route, body, {415}, **{"Content-Encoding": encoding})


ALLOWED = {
    "admin/incidents": {"POST"},
    "admin/incidents/<incident>/updates": {"POST"},
    "incidents": {"GET", "POST"},
    "incidents/<incident>": {"GET", "PATCH", "DELETE"},
    "incidents/<incident>/updates": {"POST"},
    "incidents/<incident>/updates/<update>": {"PATCH", "DELETE"},
    "incidents/<incident>/postmortem": {"GET", "PUT"},
    "incidents/<incident>/postmortem/publish": {"POST"},
    "incidents/<incident>/postmortem/revert": {"POST"},
    "incidents/<incident>/postmortem/ignore": {"POST"},
    "status-pages/<page>/incident-templates": {"GET", "POST"},
    "subscribe": {"POST"},
    "subscribers": {"POST"},
}


@pytest.mark.parametrize(
    "method", ["get", "post", "put", "patch", "delete", "head", "options", "brew"]
)
@pytest.mark.parametrize("route", ALLOWED)
def test_other_methods(call, editor, path_of, route, method):
    if method.upper() in ALLOWED[route]:
        return
    response = call(method, path_of(route), {}, user=editor)
    assert response.status_code == 405
    assert set(response["Allow"].split(", ")) == ALLOWED[route]
    assert method == "head" or response.json()["error"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["", "nothing", "admin", "admin/incidents/", "status/x", "%00"])
def test_unknown_routes(call, db, path):
    response = call("post", f"/api/{path}", {})
    assert response.status_code in {404, 405}
    assert response["Content-Type"] == "application/json"


NAMES = [*NEW_INCIDENT, *IncidentPatch.model_fields, *NewIncident.model_fields, "email", "x"]
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(document=ANYTHING)
@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_document_makes_a_fault(call, editor, path_of, document):
    for route in ROUTES:
        limits.STORAGE.reset()
        method, path = route.split()
        response = call(method, path_of(path), document, user=editor)
        assert response.status_code < 500
        response.json()


def test_a_fault_of_our_own_says_nothing_of_it(call, monkeypatch, db, caplog):
    def fail():
        raise RuntimeError("secret detail")

    monkeypatch.setattr(status, "default_page", fail)
    response = call("get", "/api/status")
    assert response.status_code == 500
    assert response.json() == {
        "error": "internal_error",
        "message": "Something went wrong here. It has been logged.",
    }
    assert "secret detail" in caplog.text


def test_a_lost_database_asks_for_patience(call, monkeypatch, db):
    def fail():
        raise OperationalError("connection refused")

    monkeypatch.setattr(status, "default_page", fail)
    response = call("get", "/api/status")
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "refused" not in response.content.decode()
