"""Speaking JSON with the product."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

from accounts import tokens
from accounts.actor import Actor
from accounts.models import User
from incidents.actions import open_incident
from incidents.models import Incident
from pages.actions import create_component
from pages.models import Component, Page

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
def services(page: Page, operator: Actor) -> list[Component]:
    """Two components, Website and Checkout, with a history of two days, as operators make them."""
    began = now() - timedelta(days=2)
    return [
        create_component(page=page, name=name, slug=name.lower(), actor=operator, at=began)
        for name in ("Website", "Checkout")
    ]


@pytest.fixture
def incident(component: Component, operator: Actor) -> Incident:
    """An open incident with its first update, on the page of `component`, which it spares."""
    return open_incident(
        page=component.page,
        name="Mail is late",
        body="We look.",
        statuses={},
        actor=operator,
        at=now() - timedelta(minutes=5),
    )


@pytest.fixture
def path_of(incident: Incident) -> Callable[[str], str]:
    """`path_of("admin/incidents/<incident>/updates")` is that route of an open incident."""
    names = {
        "<incident>": str(incident.pk),
        "<update>": str(incident.updates.get().pk),
        "<page>": str(incident.page_id),
    }

    def path(route: str) -> str:
        for name, value in names.items():
            route = route.replace(name, value)
        return f"/api/{route}"

    return path
