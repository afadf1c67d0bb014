"""Errors in the look of the page for people, as JSON for programs."""

import logging
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from web.public import errors


def test_an_unknown_address_for_people(client: Client, db: None) -> None:
    answer = client.get("/status/nobody")

    assert answer.status_code == 404
    assert b"<h1>There is nothing at this address</h1>" in answer.content
    assert answer["Cache-Control"] == "no-store"


def test_an_unknown_address_for_programs(client: Client, db: None) -> None:
    answer = client.get("/api/nothing/here")

    assert answer.status_code == 404
    assert answer.json()["error"] == "not_found"


@pytest.mark.parametrize(
    ("handler", "status", "sentence"),
    [
        (lambda request: errors.bad_request(request, SuspiciousOperation()), 400, "understood"),
        (lambda request: errors.forbidden(request, PermissionDenied()), 403, "nothing at this"),
        (errors.server_error, 500, "Something broke on our side"),
        (errors.unavailable, 503, "Back in a moment"),
        (lambda request: errors.too_many_requests(request, retry_after=60), 429, "Wait a minute"),
    ],
)
def test_every_error_has_its_page_and_its_json(
    handler: Callable[[HttpRequest], HttpResponse], status: int, sentence: str, rf: RequestFactory
) -> None:
    for_people: HttpResponse = handler(rf.get("/status/acme"))
    for_programs: HttpResponse = handler(rf.get("/api/status"))

    assert for_people.status_code == for_programs.status_code == status
    assert sentence in for_people.content.decode()
    assert for_programs["Content-Type"] == "application/json"


def test_too_many_tries_say_when_to_come_back(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/status/acme/subscribe")

    assert errors.too_many_requests(request, retry_after=30)["Retry-After"] == "30"


@pytest.fixture
def _database_away(transactional_db: None) -> Iterator[None]:
    """New connections find nobody there."""
    there = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    yield
    connection.settings_dict["HOST"] = there


@pytest.mark.usefixtures("_database_away")
@pytest.mark.parametrize(
    ("method", "path"),
    [
        *product(
            ["get", "post"],
            [
                *(f"/status/{act}/{'a' * 64}" for act in ("verify", "unsubscribe", "manage")),
                *(f"/{path}?token={'a' * 64}" for path in ("unsubscribe", "api/verify")),
            ],
        ),
        ("post", "/status/acme/subscribe"),
        ("get", "/"),
    ],
)
def test_without_a_database_links_ask_to_come_back(
    client: Client, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    answer = getattr(client, method)(path)

    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Cache-Control"] == "no-store"
    if path.startswith("/api/"):
        assert answer.json()["error"] == "unavailable"
    else:
        assert "<h1>Back in a moment</h1>" in answer.content.decode()
    [line] = [line for line in caplog.records if line.levelno >= logging.WARNING]
    assert line.levelno == logging.WARNING
    assert "database cannot be asked" in line.getMessage()
    assert "\n" not in line.getMessage()
    assert line.exc_info is None


@pytest.mark.usefixtures("_database_away")
def test_without_a_database_nobody_signs_in(client: Client) -> None:
    values = {"login": "a@example.com", "password": "x"}

    assert client.post("/accounts/login/", values).status_code == 503


def test_a_form_without_its_token_is_refused_in_our_own_words(db: None) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a"})

    assert answer.status_code == 403
    assert "<h1>This form was not accepted</h1>" in answer.content.decode()
    assert "DEBUG" not in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/history",
        "/status/acme",
        "/status/acme/history/2026-01",
        "/i/abc",
        "/docs/uptime",
        "/api/status-pages/acme/intervals.json",
        "/api/status-pages/acme/intervals.csv",
    ],
)
def test_what_can_only_be_read_takes_no_other_method(db: None, path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path)

    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    if path.startswith("/api/"):
        assert answer.json()["error"] == "method_not_allowed"
