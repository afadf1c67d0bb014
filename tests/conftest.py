"""Fixtures that more than one part of the suite needs."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from redis import Redis

from accounts.actor import Actor
from accounts.models import Organization, Project, User
from accounts.roles import Role
from pages.models import Component, Page
from tests.factories import (
    ComponentFactory,
    OrganizationFactory,
    OrganizationMembershipFactory,
    PageFactory,
    ProjectFactory,
    ProjectMembershipFactory,
)
from web import limits

pytest_plugins = ["tests.processes"]

_LOOPBACK = ("127.", "::1", "localhost")


class NetworkError(RuntimeError):
    """A test reached for a machine other than this one."""


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    """Refuses connections to other machines; unix sockets and loopback pass."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(_LOOPBACK):
            raise NetworkError(f"a test tried to connect to {address!r}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def redis() -> Iterator["Redis[bytes]"]:
    """The suite's Valkey, raw."""
    with Redis.from_url(settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def _empty_redis(redis: "Redis[bytes]") -> None:
    """No test sees another's keys, wake-ups or counted requests."""
    redis.flushall()
    cache.clear()
    limits.STORAGE.reset()


@pytest.fixture
def organization(db: None) -> Organization:
    return OrganizationFactory()


@pytest.fixture
def project(organization: Organization) -> Project:
    return ProjectFactory(organization=organization)


@pytest.fixture
def owner(project: Project) -> User:
    """The organization's owner, hence OWNER of the project."""
    return OrganizationMembershipFactory(organization=project.organization, is_owner=True).user


@pytest.fixture
def editor(project: Project) -> User:
    return ProjectMembershipFactory(project=project, role=Role.EDITOR).user


@pytest.fixture
def viewer(project: Project) -> User:
    return ProjectMembershipFactory(project=project, role=Role.VIEWER).user


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another organization: whatever is ours must be missing to them."""
    return OrganizationMembershipFactory(
        organization=ProjectFactory().organization, is_owner=True
    ).user


@pytest.fixture
def operator(owner: User) -> Actor:
    """The owner as an actor."""
    return Actor.of(owner)


@pytest.fixture
def page(project: Project) -> Page:
    return PageFactory(project=project, name="Acme", subdomain="acme")


@pytest.fixture
def component(page: Page) -> Component:
    return ComponentFactory(page=page, name="Website", slug="website")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """`client_of(user)` is a browser in which `user` is signed in; CSRF is enforced nowhere."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture(autouse=True, scope="session")
def _static_files_by_their_own_names() -> Iterator[None]:
    """In-process tests need no collected, hashed copies; `processes` serves those."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES=settings.STORAGES | {"staticfiles": plain}):
        yield


@pytest.fixture(autouse=True, scope="session")
def _cheap_passwords() -> Iterator[None]:
    """A real hash costs a third of a second on purpose, and tests make hundreds of accounts."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
