"""By what one acts: a token, or a session with its CSRF token."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from accounts import tokens
from accounts.actions import revoke_token
from accounts.actor import Actor
from accounts.models import ApiToken
from incidents.models import Incident

PATH = "/api/admin/incidents"
BODY = {"title": "Down", "severity": "MINOR", "serviceIds": ["website"], "initialMessage": ""}


def post(client=None, **headers: str):
    client = client or Client(enforce_csrf_checks=True)
    return client.post(PATH, BODY, content_type="application/json", headers=headers)


@pytest.fixture
def token(editor, component):
    return tokens.issue(user=editor, name="ci", at=now())


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "OAuth", "BEARER"])
def test_a_token_acts_as_its_user(token, editor, scheme):
    assert post(Authorization=f"{scheme} {token}").status_code == 201
    assert Incident.objects.get().created_by == editor


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer bb_",
        "Bearer bb_" + "A" * 43,
        "Bearer bb_" + "é" * 43,
        "Bearer " + "x" * 5000,
        "Basic {token}",
        "{token}",
        "Bearer {token}x",
        "Bearer {token} {token}",
    ],
)
def test_what_is_no_live_token_gets_one_answer(token, header, caplog):
    response = post(Authorization=header.format(token=token))
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {
        "error": "unauthorized",
        "message": "Sign in, or send a valid token as 'Authorization: Bearer <token>'.",
    }
    assert "[SECURITY] refused POST /api/admin/incidents from 127.0.0.1" in caplog.text
    assert token not in caplog.text


def test_a_revoked_token_ends(token, editor):
    row = ApiToken.objects.get()
    revoke_token(token=row, actor=Actor.of(editor), at=now())
    assert post(Authorization=f"Bearer {token}").status_code == 401


def test_a_disabled_persons_token_ends(token, editor):
    editor.is_active = False
    editor.save()
    assert post(Authorization=f"Bearer {token}").status_code == 401


def test_use_is_noted_once_a_minute(token):
    start = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
    noted = []
    with time_machine.travel(start, tick=False) as clock:
        for _ in range(4):
            assert tokens.find(token, at=now())
            noted.append(ApiToken.objects.get().last_used_at)
            clock.shift(timedelta(seconds=30))
    assert noted == [start, start, start + timedelta(minutes=1), start + timedelta(minutes=1)]


def test_a_session_needs_the_csrf_token(editor, component, caplog):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)
    response = post(client)
    assert response.status_code == 403
    assert response.json()["error"] == "forbidden"
    assert "[SECURITY]" in caplog.text
    assert not Incident.objects.exists()

    client.get("/accounts/login/")
    secret = "a" * 32
    client.cookies["csrftoken"] = secret
    assert post(client, **{"X-CSRFToken": secret}).status_code == 201
    assert Incident.objects.get().created_by == editor


def test_a_wrong_token_is_not_saved_by_a_session(editor, component):
    client = Client()
    client.force_login(editor)
    assert post(client, Authorization="Bearer bb_wrong").status_code == 401


def test_only_a_digest_is_stored(token):
    row = ApiToken.objects.get()
    assert len(token) == 46
    assert len(row.digest) == 32
    assert token.encode() not in bytes(row.digest)
