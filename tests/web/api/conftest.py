"""Speaking JSON with the product."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

from accounts import tokens
from accounts.models import User
from pages.models import Component
from tests.factories import IncidentFactory

Call = Callable[..., HttpResponse]


@pytest.fixture
def call() -> Call:
    """`call("post", "/api/...", body, user=...)` acts by a fresh token of `user`.

    The client enforces CSRF as a browser's requests are met.
    """

    def send(
        method: str, path: str, body: Any = None, *, user: User | None = None, **headers: str
    ) -> HttpResponse:
        if user:
            token = tokens.issue(user=user, name="test", at=now())
            headers = {"Authorization": f"Bearer {token}"} | headers
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Client(enforce_csrf_checks=True, raise_request_exception=False).generic(
            method.upper(),
            path,
            b"" if body is None else data,
            content_type=headers.pop("Content_Type", "application/json"),
            headers=headers,
        )

    return send


@pytest.fixture
def path_of(component: Component) -> Callable[[str], str]:
    """`path_of("admin/incidents/<incident>/updates")` is that route of an open incident."""
    incident = IncidentFactory(page=component.page)
    return lambda route: "/api/" + route.replace("<incident>", str(incident.pk))
