"""Signing in, and what nobody can do here."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from accounts.resets import send_due
from tests.factories import PASSWORD
from tests.web.dashboard.conftest import address

LOGIN = "/accounts/login/"


def test_an_operator_signs_in_by_email_in_any_case(owner: User) -> None:
    browser = Client()

    answer = browser.post(LOGIN, {"login": owner.email.upper(), "password": PASSWORD})

    assert answer.headers["Location"] == "/status-pages"
    assert browser.get("/status-pages").status_code == 200


def test_a_wrong_password_and_an_unknown_address_look_the_same(owner: User) -> None:
    def answer(email: str) -> str:
        html = Client().post(LOGIN, {"login": email, "password": "wrong"}).content.decode()
        return re.sub(r'value="[^"]*"', "", html)

    known = answer(owner.email)

    assert "do not match" in known
    assert known == answer("nobody@example.com")


def test_after_sign_in_only_our_own_addresses_are_followed(owner: User) -> None:
    for target, expected in [
        ("https://evil.example/", "/status-pages"),
        ("//evil.example", "/status-pages"),
        ("/status-pages?show=archived", "/status-pages?show=archived"),
    ]:
        answer = Client().post(
            f"{LOGIN}?next={target}",
            {"login": owner.email, "password": PASSWORD, "next": target},
        )
        assert answer.headers["Location"] == expected


def test_every_screen_asks_for_a_sign_in_first() -> None:
    answer = Client().get(address("pages"))

    assert answer.headers["Location"] == f"{LOGIN}?next=/status-pages"


def test_a_password_is_reset_by_a_link_of_the_main_host(owner: User, settings: Settings) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": owner.email}, headers={"Host": "127.0.0.1"})
    send_due(seconds=5)

    link = re.search(r"http\S+", mail.outbox[0].body)
    assert link
    assert link[0].startswith(f"{settings.MAIN_URL}/accounts/password/reset/key/")
    form = browser.get(link[0].removeprefix(settings.MAIN_URL), follow=True)
    new = "another long enough password"
    browser.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    owner.refresh_from_db()
    assert owner.check_password(new)


def test_resetting_an_unknown_address_looks_the_same_and_sends_nothing(owner: User) -> None:
    known, unknown = (
        Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (owner.email, "nobody@example.com")
    )
    send_due(seconds=5)

    assert known.content == unknown.content
    assert [message.to for message in mail.outbox] == [[owner.email]]


def test_signing_out_takes_a_post(desk: Client) -> None:
    assert "Sign out" in desk.get("/accounts/logout/").content.decode()

    assert desk.post("/accounts/logout/").headers["Location"] == LOGIN
    assert desk.get("/status-pages").status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        *("/accounts/password/change/", "/accounts/inactive/", "/accounts/password/reset/"),
        *("/accounts/password/reset/done/", "/accounts/password/reset/key/done/"),
        *("/accounts/password/reset/key/a-b/", "/accounts/logout/"),
    ],
)
def test_the_other_account_pages_wear_the_same_look(desk: Client, path: str) -> None:
    assert "dashboard/dashboard" in desk.get(path).content.decode()


@pytest.mark.parametrize("text", ["a\x00b@example.com", "x" * 30_000, ""])
def test_broken_sign_ins_are_refused(owner: User, text: str) -> None:
    assert Client().post(LOGIN, {"login": text, "password": text}).status_code == 200
