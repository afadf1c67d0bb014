"""Signing up by JSON."""

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from pages.models import Page
from subscribers import requests
from subscribers.models import Subscriber, SubscriptionRequest
from tests.factories import ComponentFactory, PageFactory

BODY = {"email": "visitor@example.com"}


def test_a_sign_up_is_kept_as_a_request(call, page):
    response = call("post", "/api/subscribe", BODY)
    assert (response.status_code, response.json()) == (200, {"success": True})
    request = SubscriptionRequest.objects.get()
    assert (request.page, request.component_ids) == (page, [])
    assert b"visitor" not in bytes(request.address)


def test_services_are_chosen_by_slug_or_id(call, component):
    other = ComponentFactory(page=component.page)
    body = BODY | {"services": ["website", str(other.pk)]}
    assert call("post", "/api/subscribe", body).json() == {"success": True}
    assert set(SubscriptionRequest.objects.get().component_ids) == {component.pk, other.pk}


@pytest.mark.parametrize("reference", ["nothing", "payroll"])
def test_services_of_no_or_another_page_are_refused(call, component, reference):
    ComponentFactory(slug="payroll", page=PageFactory(status=Page.State.DRAFT))
    response = call("post", "/api/subscribe", BODY | {"services": ["website", reference]})
    assert response.status_code == 422
    assert response.json()["fields"] == {"services": "One of these is not on this page."}
    assert not SubscriptionRequest.objects.exists()


def test_every_address_gets_the_same_answer(call, page):
    """New, waiting, verified and unsubscribed: only the mailbox can tell."""
    answers = []
    for change in ({}, {}, {"verified_at": now()}, {"unsubscribed_at": now()}):
        Subscriber.objects.update(**change) if change else None
        response = call("post", "/api/subscribe", BODY)
        requests.decide_all(at=now())
        answers.append((response.status_code, response.content, sorted(response.headers.items())))
    assert Subscriber.objects.count() == 1
    assert all(answer == answers[0] for answer in answers)


@pytest.mark.parametrize(
    "email", ["", "visitor", "a@b", "a b@example.com", "a@example.com\nBcc: x@y.z", "x" * 300]
)
def test_what_is_no_address_is_told_so(call, page, email):
    response = call("post", "/api/subscribe", {"email": email})
    assert response.status_code == 422
    assert set(response.json()["fields"]) == {"email"}


def test_without_a_page_there_is_nothing_to_subscribe_to(call, db):
    assert call("post", "/api/subscribe", BODY).status_code == 404


@pytest.mark.parametrize("name", ["subdomain", "id"])
def test_any_published_page_can_be_named(call, component, name):
    PageFactory()
    page = component.page
    body = BODY | {
        "statusPageId": str(getattr(page, name)),
        "component_ids": [str(component.pk)],
    }
    assert call("post", "/api/subscribers", body).json() == {"success": True}
    assert SubscriptionRequest.objects.get().component_ids == [component.pk]


@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED, None])
def test_hidden_pages_are_missing(call, db, state):
    name = PageFactory(status=state).subdomain if state else "nothing"
    response = call("post", "/api/subscribers", BODY | {"statusPageId": name})
    assert (response.status_code, response.json()["error"]) == (404, "not_found")


def test_one_source_is_slowed_down(call, page):
    with time_machine.travel("2026-05-04T10:00:00Z", tick=False) as clock:
        codes = [call("post", "/api/subscribe", BODY).status_code for _ in range(25)]
        assert codes == [200] * 20 + [429] * 5
        refusal = call("post", "/api/subscribers", BODY | {"statusPageId": "acme"})
        assert refusal.status_code == 429
        assert refusal.json()["error"] == "too_many_requests"
        assert 0 < int(refusal["Retry-After"]) <= 60

        clock.shift(61)
        assert call("post", "/api/subscribe", BODY).status_code == 200


def test_it_needs_no_csrf_token_and_sets_no_cookie(page, editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    response = client.post("/api/subscribe", BODY, content_type="application/json")
    assert response.status_code == 200
    assert not response.cookies
