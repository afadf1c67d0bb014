"""New passwords: asking is quick and tells nothing, the mail comes when the server takes it."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from pytest_django import Settings

from accounts import resets
from accounts.models import PasswordReset, User
from tests.factories import UserFactory

RESET = "/accounts/password/reset/"


@pytest.fixture
def user(db: None) -> User:
    return UserFactory(email="olga@example.com")


@pytest.fixture
def silent_server(settings: Settings) -> Iterator[None]:
    """A mail server that takes connections and never says a word."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        yield


def later(by: timedelta) -> None:
    """Lets time pass for all that waits."""
    for reset in PasswordReset.objects.all():
        reset.asked_at -= by
        reset.next_attempt_at -= by
        reset.save()


def test_a_mail_leads_to_the_main_host(user: User) -> None:
    resets.ask(email=user.email.upper(), at=now())
    resets.send_due(seconds=5)
    [message] = mail.outbox
    assert message.to == [user.email]
    assert f"{settings.MAIN_URL}{RESET}key/" in message.body
    assert not PasswordReset.objects.exists()


def test_asking_is_the_same_work_for_every_address(user: User) -> None:
    UserFactory(email="gone@example.com", is_active=False)
    seen = set()
    for email in (user.email, "gone@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as queries:
            answer = Client().post(RESET, {"email": email})
        statements = tuple(query["sql"].partition(" VALUES")[0] for query in queries)
        seen.add((answer.status_code, answer.headers["Location"], statements))
    assert len(seen) == 1
    assert PasswordReset.objects.count() == 3
    resets.send_due(seconds=5)
    assert [message.to for message in mail.outbox] == [[user.email]]
    assert not PasswordReset.objects.exists()


def test_a_silent_mail_server_holds_up_no_request(user: User, silent_server: None) -> None:
    began = time.monotonic()
    assert Client().post(RESET, {"email": user.email}).status_code == 302
    assert time.monotonic() - began < 0.2


def test_what_fails_is_tried_again(
    user: User, silent_server: None, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    resets.ask(email=user.email, at=now())
    resets.ask(email=user.email, at=now())
    resets.send_due(seconds=5)
    assert sorted(PasswordReset.objects.values_list("attempts", flat=True)) == [0, 1]
    assert "password reset not sent" in caplog.text
    assert user.email not in caplog.text

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    resets.send_due(seconds=5)
    assert len(mail.outbox) == 1
    later(resets.FIRST_PAUSE)
    resets.send_due(seconds=5)
    assert len(mail.outbox) == 2


def test_pauses_grow_and_end_after_an_hour(user: User, silent_server: None) -> None:
    resets.ask(email=user.email, at=now())
    pauses = []
    while PasswordReset.objects.exists():
        resets.send_due(seconds=5)
        for reset in PasswordReset.objects.all():
            pause = reset.next_attempt_at - now()
            pauses.append(round(pause / timedelta(minutes=1)))
            later(pause)
    assert pauses == [2, 4, 8, 16, 16, 16]
    assert not mail.outbox


@pytest.mark.parametrize("email", ["x" * 400 + "@example.com", "a\x00b@example.com", "", "a@b"])
def test_what_is_no_address_is_said(db: None, email: str) -> None:
    assert Client().post(RESET, {"email": email}).status_code == 200
    assert not PasswordReset.objects.exists()
