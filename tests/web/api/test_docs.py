"""docs/api.md names every route and every error, and its examples work."""

import html
import json
import re
import shlex
from itertools import pairwise

import pytest
from django.conf import settings
from django.test import Client

from pages.models import Page
from web.api.errors import CODES
from web.api.urls import api
from web.edge import notices

DOCS = (settings.BASE_DIR / "docs" / "api.md").read_text()
EXAMPLES = re.findall(r"^curl (?:[^\n]*\\\n)*[^`]*?(?=^```)", DOCS, re.MULTILINE)


def test_every_route_is_documented():
    for path in api.get_openapi_schema()["paths"]:
        assert re.sub(r"\{\w+\}", "<id>", path) in DOCS


def test_every_error_is_documented():
    documented = re.findall(r"^\| (\d{3}) \| `(\w+)` \|", DOCS, re.MULTILINE)
    assert {(int(status), code) for status, code in documented} == set(
        (CODES | notices.CODES).items()
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: shlex.split(example)[2])
def test_the_examples_work(editor, incident, example):
    """Read as a shell would: -X is the method, -H a header, -d a body and so a POST."""
    Page.objects.update(subdomain="demo")
    words = shlex.split(example.replace("$URL", "").replace("$INCIDENT", str(incident.pk)))
    given = dict(pairwise(words))
    headers = [words[n + 1] for n, word in enumerate(words) if word == "-H"]
    client = Client()
    if any("$TOKEN" in header for header in headers):
        client.force_login(editor)
    [path] = [word for word in words if word.startswith("/api/")]
    method = given.get("-X", "POST" if "-d" in given else "GET")
    body = json.dumps(json.loads(given.get("-d", "{}")))
    response = client.generic(method, path, body, content_type="application/json")
    assert response.status_code in {200, 201}, response.content


def test_there_are_examples():
    assert len(EXAMPLES) == 12


def test_the_reference_shows_every_route(client, db):
    response = client.get("/api/docs")
    text = html.unescape(response.content.decode())
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method in operations.keys() - {"head"}:
            assert f"{method.upper()} {path}" in text
    assert "NONE | MINOR | MAJOR | CRITICAL" in text
    assert "string (date-time) or null" in text
    assert "{id, slug, name}" in text
    assert "<script" not in text
