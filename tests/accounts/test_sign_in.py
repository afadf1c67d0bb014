"""Signing in with an address and a password."""

import re
import time

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.faults.hanging import hanging

LOGIN = "/accounts/login/"
RESET = "/accounts/password/reset/"


@pytest.fixture
def user(db):
    return UserFactory(email="olga@example.com")


def sign_in(client: Client, email: str, password: str = PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def words(response) -> str:
    """The answer without what differs in every answer."""
    return re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("email", ["olga@example.com", "Olga@Example.COM", " olga@example.com "])
def test_an_address_and_its_password_sign_in(client, user, email):
    response = sign_in(client, email)
    assert response.status_code == 302
    assert response["Location"] == settings.LOGIN_REDIRECT_URL
    assert client.session["_auth_user_id"] == str(user.pk)


def test_sessions_live_in_the_database(client, user):
    sign_in(client, user.email)
    assert Session.objects.count() == 1


@pytest.mark.parametrize("key", ["", "short", "x" * 5000, '"abcdefgh\\000"', "é" * 32, "A" * 32])
@pytest.mark.parametrize("path", ["/status-pages", LOGIN, "/api/admin/incidents"])
def test_a_cookie_that_is_no_session_is_nobody(db, path, key):
    response = Client(headers={"Cookie": f"sessionid={key}; csrftoken={key}"}).post(path)
    assert response.status_code in {200, 302, 401, 403}


def test_wrong_passwords_unknown_and_disabled_accounts_are_answered_alike(user):
    UserFactory(email="gone@example.com", is_active=False)
    answers = {
        (response.status_code, words(response).replace(email, ""))
        for email in (user.email, "gone@example.com", "nobody@example.com")
        for response in [sign_in(Client(), email, "wrong")]
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 200


def test_a_failed_sign_in_is_logged_without_the_address(client, user, caplog):
    sign_in(client, user.email, "wrong")
    assert "[SECURITY] sign-in failed from 127.0.0.1" in caplog.text
    assert user.email not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        *("signup/", "email/", "confirm-email/", "confirm-email/abc/", "reauthenticate/"),
        *("password/set/", "login/code/confirm/", ""),
    ],
)
def test_nothing_else_of_allauth_is_reachable(user, client, path):
    client.force_login(user)
    for browser in (client, Client()):
        assert browser.get(f"/accounts/{path}").status_code == 404
        assert browser.post(f"/accounts/{path}", {"email": "x@example.com"}).status_code == 404
    assert User.objects.count() == 1


def test_signing_in_leads_to_no_other_site(client, user):
    response = client.post(
        f"{LOGIN}?next=https://evil.example/", {"login": user.email, "password": PASSWORD}
    )
    assert response["Location"] == settings.LOGIN_REDIRECT_URL


def test_guessing_one_account_is_slowed_down(user):
    """Then even the right password has to wait, where the guesses came from."""
    for _ in range(5):
        sign_in(Client(), user.email, "wrong")
    assert sign_in(Client(), user.email).status_code == 200

    cache.clear()
    assert sign_in(Client(), user.email).status_code == 302


def test_guesses_from_elsewhere_lock_nobody_out(user):
    for n in range(20):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{n}"), user.email, "wrong")
        sign_in(Client(REMOTE_ADDR="203.0.113.1"), user.email, "wrong")
    assert sign_in(Client(REMOTE_ADDR="203.0.113.1"), user.email).status_code == 200
    assert sign_in(Client(REMOTE_ADDR="192.0.2.7"), user.email).status_code == 302


def test_guessing_from_one_source_is_slowed_down(user):
    for n in range(10):
        sign_in(Client(), f"guess{n}@example.com", "wrong")
    assert sign_in(Client(), user.email).status_code == 200
    assert sign_in(Client(REMOTE_ADDR="198.51.100.9"), user.email).status_code == 302


def test_resets_are_slowed_down(user):
    answers = [Client().post(RESET, {"email": user.email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_a_new_password_ends_other_sessions(user):
    one, other = Client(), Client()
    sign_in(one, user.email)
    sign_in(other, user.email)
    new = "a different horse 42"
    one.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    user.refresh_from_db()
    assert user.check_password(new)
    assert other.get("/status-pages")["Location"].startswith(LOGIN)


def test_a_hanging_redis_does_not_keep_operators_out(user, redis):
    client = Client()
    client.get(LOGIN)
    with hanging(redis):
        began = time.monotonic()
        assert sign_in(client, user.email).status_code == 302
        assert client.get("/status-pages").status_code == 200
        assert time.monotonic() - began < 1
