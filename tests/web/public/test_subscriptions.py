"""Signing up and the links of mails, as a browser, a scanner and a mail program use them."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils.timezone import now

from pages.models import Component, Page
from subscribers import actions, tokens, vault
from subscribers.models import Notification, Subscriber, SubscriptionRequest
from subscribers.requests import decide_all
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_subscriber
from web.limits import STORAGE

EMAIL = "Ann@Example.com"


@pytest.fixture(autouse=True)
def _no_earlier_requests() -> None:
    STORAGE.reset()


@pytest.fixture
def visitor() -> Client:
    """CSRF is enforced, as for real visitors."""
    return Client(enforce_csrf_checks=True, raise_request_exception=True)


@pytest.fixture
def token(page: Page) -> str:
    return vault.unsubscribe_token_of(make_subscriber(page, EMAIL))


def sign_up(visitor: Client, page: Page, **form: object):
    return visitor.post(f"/status/{page.subdomain}/subscribe", {"email": EMAIL} | form)


def verification_token() -> str:
    """What stands in the verification mail."""
    return vault.secret_of(Notification.objects.get(kind="verification"))


def assert_private(response) -> None:
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in response
    assert "Vary" not in response or "Cookie" not in response["Vary"]


def test_signing_up_keeps_a_request_and_shows_where_to_look(visitor: Client, page: Page):
    response = sign_up(visitor, page)
    assert response.status_code == 202
    assert "Look in your inbox" in response.text
    assert_private(response)
    assert vault.address_asked(SubscriptionRequest.objects.get()) == "Ann@example.com"


def test_the_answer_is_the_same_for_every_kind_of_address(visitor: Client, page: Page):
    fresh = sign_up(visitor, page).content
    make_subscriber(page, EMAIL)
    known = sign_up(visitor, page).content
    Subscriber.objects.update(unsubscribed_at=now())
    ended = sign_up(visitor, page).content
    assert fresh == known == ended
    assert SubscriptionRequest.objects.count() == 3


def test_chosen_systems_are_kept_and_those_of_other_pages_are_not(
    visitor: Client, page: Page, component: Component
):
    response = sign_up(visitor, page, which="some", component=[component.pk, UUID(int=7)])
    assert response.status_code == 202
    assert SubscriptionRequest.objects.get().component_ids == [component.pk]


@pytest.mark.parametrize(
    "form",
    [
        {"email": ""},
        {"email": "ann"},
        {"email": "ann@example.com\r\nBcc: eve@example.com"},
        {"email": '"a b"@example.com'},
        {"email": "a\x00b@example.com"},
        {"email": "a" * 300 + "@example.com"},
        {"which": "some"},
        {"which": "some", "component": "not-an-id"},
    ],
)
def test_what_cannot_be_used_is_answered_with_a_sentence(visitor: Client, page: Page, form: dict):
    response = sign_up(visitor, page, **form)
    assert response.status_code == 400
    assert 'role="alert"' in response.text
    assert not SubscriptionRequest.objects.exists()


def test_an_address_is_escaped_where_it_is_shown(visitor: Client, page: Page):
    assert "<script>" not in sign_up(visitor, page, email="<script>@example.com").text


def test_who_fills_the_hidden_field_is_answered_and_ignored(visitor: Client, page: Page):
    assert sign_up(visitor, page, website="http://spam.example").content == (
        sign_up(visitor, page).content
    )
    assert SubscriptionRequest.objects.count() == 1


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_form_on_another_site_signs_nobody_up(visitor: Client, page: Page, origin: str):
    path = f"/status/{page.subdomain}/subscribe"
    response = visitor.post(path, {"email": EMAIL}, headers={"origin": origin})
    assert response.status_code == 403
    assert not SubscriptionRequest.objects.exists()


def test_a_form_on_the_page_signs_up(visitor: Client, page: Page):
    path = f"/status/{page.subdomain}/subscribe"
    headers = {"origin": "http://localhost:8000"}
    assert visitor.post(path, {"email": EMAIL}, headers=headers).status_code == 202


def test_one_source_cannot_sign_up_without_end(visitor: Client, page: Page):
    answers = [sign_up(visitor, page).status_code for _ in range(21)]
    assert answers == [202] * 20 + [429]


@pytest.mark.parametrize("status", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_a_page_that_is_not_published_is_not_found(visitor: Client, page: Page, status: str):
    Page.objects.update(status=status)
    assert sign_up(visitor, page).status_code == 404
    assert sign_up(visitor, Page(subdomain="nothing-here")).status_code == 404


@pytest.mark.parametrize("path", ["/status/verify/{}", "/api/verify?token={}"])
def test_looking_at_the_link_changes_nothing_and_the_button_confirms_once(
    visitor: Client, page: Page, path: str
):
    sign_up(visitor, page)
    decide_all(at=now())
    link = path.format(verification_token())
    visitor.head(link)
    response = visitor.get(link)
    assert response.status_code == 200
    assert '<form method="post">' in response.text
    assert EMAIL.lower() not in response.text.lower()
    assert "<script" not in response.text
    assert_private(response)
    assert Subscriber.objects.get().verified_at is None
    response = visitor.post(link)
    assert response.status_code == 200
    assert "You are subscribed" in response.text
    assert_private(response)
    assert Subscriber.objects.get().verified_at
    assert visitor.post(link).status_code == 404


def test_a_link_to_confirm_expires_after_two_days(visitor: Client, page: Page):
    sign_up(visitor, page)
    decide_all(at=now())
    link = f"/status/verify/{verification_token()}"
    Subscriber.objects.update(verification_sent_at=now() - timedelta(hours=48, seconds=1))
    assert visitor.get(link).status_code == 404
    assert visitor.post(link).status_code == 404
    assert Subscriber.objects.get().verified_at is None


UNSUBSCRIBE = ["/status/unsubscribe/{}", "/unsubscribe?token={}"]


@pytest.mark.parametrize("path", UNSUBSCRIBE)
def test_looking_at_the_unsubscribe_link_changes_nothing(visitor: Client, token: str, path: str):
    visitor.head(path.format(token))
    response = visitor.get(path.format(token))
    assert response.status_code == 200
    assert_private(response)
    assert EMAIL.lower() not in response.text.lower()
    assert Subscriber.objects.get().unsubscribed_at is None


@pytest.mark.parametrize("path", UNSUBSCRIBE)
def test_a_mail_program_unsubscribes_with_one_click(visitor: Client, token: str, path: str):
    body = "List-Unsubscribe=One-Click"
    for _ in range(2):
        response = visitor.post(
            path.format(token), body, content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code == 200
        assert_private(response)
    assert Subscriber.objects.get().unsubscribed_at


def test_an_old_unsubscribe_link_of_the_main_host_leads_there(visitor: Client, token: str):
    response = visitor.get(f"/?unsubscribe={token}")
    assert response.status_code == 302
    assert response["Location"] == f"/status/unsubscribe/{token}"


def test_unsubscribing_works_when_the_page_is_gone(visitor: Client, page: Page, token: str):
    Page.objects.update(status=Page.State.ARCHIVED)
    assert visitor.post(f"/status/unsubscribe/{token}").status_code == 200
    assert Subscriber.objects.get().unsubscribed_at


def test_unsubscribing_can_be_taken_back(visitor: Client, token: str):
    response = visitor.post(f"/status/unsubscribe/{token}")
    path = re.search(r'action="([^"]+)"', response.text)
    assert path
    assert visitor.post(path[1], {"again": "1"}).status_code == 200
    assert Subscriber.objects.active().count() == 1


def test_a_subscriber_chooses_what_to_get(visitor: Client, token: str, component: Component):
    path = f"/status/manage/{token}"
    assert component.name in visitor.get(path).text
    form = {"which": "some", "component": [str(component.pk)]}
    assert "Saved." in visitor.post(path, form).text
    subscriber = Subscriber.objects.get()
    assert not subscriber.follows_all
    assert list(subscriber.components.all()) == [component]
    assert visitor.post(path, {"which": "some"}).status_code == 400
    visitor.post(path, {"which": "all"})
    subscriber.refresh_from_db()
    assert subscriber.follows_all
    assert not subscriber.components.exists()


def test_choosing_only_what_is_gone_is_said_and_changes_nothing(
    visitor: Client, token: str, component: Component
):
    foreign = ComponentFactory()
    gone = UUID(int=7)
    form = {"which": "some", "component": [str(foreign.pk), str(gone)]}
    answer = visitor.post(f"/status/manage/{token}", form)
    assert answer.status_code == 400
    assert "not on this page any more" in answer.text
    assert "Saved." not in answer.text
    assert Subscriber.objects.get().follows_all


@pytest.mark.parametrize(
    "origin", ["http://[", "https://evil.example", "null", "http://]x", "http://[::1", "\u2100"]
)
def test_a_form_of_another_site_signs_nobody_up(visitor: Client, page: Page, origin: str):
    path = f"/status/{page.subdomain}/subscribe"
    answer = visitor.post(path, {"email": EMAIL}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert not SubscriptionRequest.objects.exists()


@pytest.mark.parametrize("link", ["/status/verify/", "/status/unsubscribe/", "/status/manage/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_wrong_tokens_all_get_one_answer(visitor: Client, token: str, link: str, method: str):
    # The right length; too short; not hexadecimal; of another kind; not even text.
    kind = tokens.new() if link != "/status/verify/" else token
    wrong = [
        tokens.new(),
        token[:-1],
        "z" * 64,
        kind,
        token.upper() + "A",
        "%00",
        "a%0d%0ab",
        "%F0",
    ]
    responses = [getattr(visitor, method)(f"{link}{text}") for text in wrong]
    assert {response.status_code for response in responses} == {404}
    assert len({response.content for response in responses}) == 1
    assert_private(responses[0])


@pytest.mark.parametrize("path", ["/unsubscribe", "/api/verify", "/unsubscribe?token=%00"])
def test_a_link_without_token_gets_the_same_answer(visitor: Client, db: None, path: str):
    assert visitor.get(path).status_code == 404
    assert visitor.post(path).status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visitor: Client, token: str, method: str):
    assert getattr(visitor, method)(f"/status/unsubscribe/{token}").status_code == 405
    assert Subscriber.objects.get().unsubscribed_at is None


def test_the_token_of_a_link_never_verifies_another_address(visitor: Client, page: Page):
    for address in ("ann@example.com", "bob@example.com"):
        actions.request_subscription(page=page, email=address, component_ids=(), at=now())
    decide_all(at=now())
    notification = Notification.objects.filter(kind="verification").earliest("created_at", "id")
    visitor.post(f"/status/verify/{vault.secret_of(notification)}")
    assert [row.pk for row in Subscriber.objects.active()] == [notification.subscriber_id]
