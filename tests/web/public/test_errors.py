"""Errors in the look of the page for people, as JSON for programs."""

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
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
