"""What the tests of the operators' door share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from accounts.actor import Actor
from accounts.models import User
from incidents.actions import open_incident
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.models import Component, Page
from pages.status import Status
from tests.factories import IncidentFactory


def address(name: str, *parts: Any) -> str:
    """The address of a screen; `parts` are rows or ids."""
    return reverse(f"dashboard:{name}", args=[getattr(part, "pk", part) for part in parts])


@pytest.fixture
def desk(client_of: Callable[[User], Client], owner: User) -> Client:
    """The owner's browser."""
    return client_of(owner)


@pytest.fixture
def desk_of_viewer(client_of: Callable[[User], Client], viewer: User) -> Client:
    return client_of(viewer)


@pytest.fixture
def incident(page: Page, component: Component, operator: Actor) -> Incident:
    """An open incident that says "major outage" of the component."""
    return open_incident(
        page=page,
        name="Payments fail",
        body="We look into **it**.",
        statuses={component: Status.MAJOR},
        actor=operator,
        at=now(),
    )


@pytest.fixture
def draft(page: Page) -> Incident:
    """An outage that a check found and nobody has decided about."""
    found = IncidentFactory(
        page=page,
        name="Major outage in Website",
        status=IncidentStatus.DRAFT,
        automatic=True,
        published_at=None,
    )
    IncidentUpdate.objects.create(
        incident=found, status=IncidentStatus.DRAFT, body="Checks fail.", display_at=now()
    )
    return found


@pytest.fixture
def people(owner: User, editor: User, viewer: User, stranger: User) -> dict[str, User]:
    """One person for each role; `nobody` is a stranger from another organization."""
    return {"owner": owner, "editor": editor, "viewer": viewer, "stranger": stranger}
