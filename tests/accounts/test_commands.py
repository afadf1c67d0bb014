"""Accounts and tokens from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from accounts import tokens
from accounts.access import role_of
from accounts.models import AuditEvent, Project, User
from accounts.roles import Role
from tests.factories import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue().strip()


def test_a_token_is_printed_alone():
    user = UserFactory(email="olga@example.com")
    text = run("issue_token", "Olga@example.com", "--name", "deploys")
    token = tokens.find(text, at=now())
    assert token
    assert (token.user, token.name) == (user, "deploys")
    assert AuditEvent.objects.get().actor == "command line"


def test_a_leaked_token_is_ended():
    UserFactory(email="olga@example.com")
    leaked = run("issue_token", "olga@example.com", "--name", "deploys")
    kept = run("issue_token", "olga@example.com", "--name", "reports")
    assert run("revoke_token", "olga@example.com", "--name", "deploys").startswith("Revoked")
    assert tokens.find(leaked, at=now()) is None
    assert tokens.find(kept, at=now())
    with pytest.raises(CommandError, match="no live token"):
        run("revoke_token", "olga@example.com", "--name", "deploys")


@pytest.mark.parametrize("fields", [None, {"is_active": False}])
def test_no_token_without_an_active_account(fields):
    if fields:
        UserFactory(email="olga@example.com", **fields)
    with pytest.raises(CommandError, match="no active account"):
        run("issue_token", "olga@example.com")


def test_an_owner_is_made_with_a_new_organization():
    password = run("create_account", "olga@example.com", "--organization", "Acme")
    user = User.objects.get()
    assert user.check_password(password)
    assert role_of(user, Project.objects.get(organization__name="Acme")) is Role.OWNER


def test_a_member_is_made_in_an_existing_organization(project):
    name = project.organization.name
    run("create_account", "ed@example.com", "--organization", name, "--role", "editor")
    assert role_of(User.objects.get(email="ed@example.com"), project) is Role.EDITOR


@pytest.mark.parametrize("count", [0, 2])
def test_the_organization_must_be_known_and_unique(count):
    for _ in range(count):
        Project.objects.create(
            organization=OrganizationFactory(name="Acme"), name="Default", is_default=True
        )
    with pytest.raises(CommandError, match=f"{count} organizations are called 'Acme'"):
        run("create_account", "ed@example.com", "--organization", "Acme", "--role", "viewer")
    assert not User.objects.exists()


@pytest.mark.parametrize("extra", [(), ("--role", "viewer")])
def test_one_address_is_one_account(project, extra):
    UserFactory(email="olga@example.com")
    name = project.organization.name
    with pytest.raises(CommandError, match="already has an account"):
        run("create_account", "OLGA@example.com", "--organization", name, *extra)


@pytest.mark.parametrize("email", ["olga", "a b@example.com", ""])
def test_an_address_must_be_one(email):
    with pytest.raises(CommandError, match="is no email address"):
        run("create_account", email, "--organization", "Acme")
