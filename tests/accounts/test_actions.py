"""Organizations, members and tokens, each with its trail."""

import pytest
from django.db import IntegrityError
from django.utils.timezone import now

from accounts import tokens
from accounts.access import Refused, role_of
from accounts.actions import (
    add_member,
    create_organization,
    create_owner,
    issue_token,
    revoke_token,
)
from accounts.actor import SYSTEM, Actor
from accounts.models import ApiToken, AuditEvent, Organization, Project, User
from accounts.roles import Role
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def trail() -> list[tuple[str, str, str]]:
    rows = AuditEvent.objects.order_by("id")
    return [(row.actor, row.action, row.object_type) for row in rows]


def test_an_organization_begins_with_a_default_project_and_an_owner():
    user = UserFactory()
    organization = create_organization(name="Acme", owner=user, at=now())
    project = organization.projects.get()
    assert project.is_default
    assert role_of(user, project) is Role.OWNER
    assert trail() == [(user.email, "organization.create", "organization")]
    assert AuditEvent.objects.get().organization == organization


def test_an_owner_is_an_account_with_an_organization():
    user = create_owner(
        email="Olga@Example.com", password=PASSWORD, organization="Acme", actor=SYSTEM, at=now()
    )
    assert user.email == "olga@example.com"
    assert user.check_password(PASSWORD)
    assert not user.is_staff
    assert role_of(user, Project.objects.get()) is Role.OWNER
    assert trail() == [
        ("olga@example.com", "organization.create", "organization"),
        ("system", "user.create", "user"),
    ]


def test_a_second_account_for_one_address_leaves_nothing():
    UserFactory(email="olga@example.com")
    with pytest.raises(IntegrityError):
        create_owner(
            email="OLGA@example.com", password=PASSWORD, organization="B", actor=SYSTEM, at=now()
        )


def test_only_one_project_is_the_default(project):
    with pytest.raises(IntegrityError, match="one_default_project_per_organization"):
        Project.objects.create(organization=project.organization, name="B", is_default=True)


def test_a_member_holds_one_role_at_a_time(project, operator):
    guest = UserFactory()
    add_member(project=project, user=guest, role=Role.VIEWER, actor=operator, at=now())
    add_member(project=project, user=guest, role=Role.EDITOR, actor=operator, at=now())
    assert role_of(guest, project) is Role.EDITOR
    assert project.memberships.filter(user=guest).count() == 1
    rows = AuditEvent.objects.filter(action="member.update").order_by("id")
    assert [row.detail for row in rows] == [{"role": "viewer"}, {"role": "editor"}]
    assert {row.object_id for row in rows} == {str(guest.pk)}


def test_an_editor_makes_no_members(project, editor):
    with pytest.raises(Refused):
        add_member(project=project, user=editor, role=Role.OWNER, actor=Actor.of(editor), at=now())
    assert role_of(editor, project) is Role.EDITOR


def test_projects_are_visible_by_any_role(project, owner, editor, viewer, stranger):
    for user in (owner, editor, viewer):
        assert list(Project.objects.visible_to(user)) == [project]
    assert project not in Project.objects.visible_to(stranger)
    assert not Project.objects.visible_to(UserFactory())


def test_a_token_is_issued_and_revoked_with_a_trail(project):
    user = UserFactory()
    text = issue_token(user=user, name="ci", actor=Actor.of(user), at=now())
    found = tokens.find(text, at=now())
    assert found
    assert found.user == user

    for _ in range(2):
        revoke_token(token=found, actor=Actor.of(user), at=now())
    assert tokens.find(text, at=now()) is None
    assert trail() == [
        (user.email, "token.create", "user"),
        (user.email, "token.revoke", "apitoken"),
    ]
    assert text not in str(list(AuditEvent.objects.values()))


def test_nobody_issues_or_revokes_tokens_of_another():
    user, other = UserFactory(), UserFactory()
    issue_token(user=user, name="ci", actor=SYSTEM, at=now())
    with pytest.raises(Refused):
        issue_token(user=user, name="mine now", actor=Actor.of(other), at=now())
    with pytest.raises(Refused):
        revoke_token(token=ApiToken.objects.get(), actor=Actor.of(other), at=now())
    assert ApiToken.objects.get().revoked_at is None


def test_the_trail_survives_the_person(project, operator):
    add_member(project=project, user=UserFactory(), role=Role.VIEWER, actor=operator, at=now())
    email = operator.user.email
    User.objects.filter(pk=operator.user.pk).delete()
    row = AuditEvent.objects.get(action="member.update")
    assert (row.user, row.actor) == (None, email)


def test_the_trail_survives_the_organization(project, operator):
    add_member(project=project, user=UserFactory(), role=Role.VIEWER, actor=operator, at=now())
    Organization.objects.all().delete()
    assert AuditEvent.objects.filter(action="member.update", organization=None).exists()
