"""What changes accounts: organizations, members, tokens."""

from datetime import datetime

from django.db import transaction

from accounts import audit, tokens
from accounts.access import require, require_self
from accounts.actor import Actor
from accounts.models import (
    ApiToken,
    Organization,
    OrganizationMembership,
    Project,
    ProjectMembership,
    User,
)
from accounts.roles import Action, Role

DEFAULT_PROJECT = "Default"


@transaction.atomic
def create_organization(*, name: str, owner: User, at: datetime) -> Organization:
    """Makes an organization with its default project and its owner's membership."""
    organization = Organization.objects.create(name=name, created_at=at)
    project = Project.objects.create(
        organization=organization, name=DEFAULT_PROJECT, is_default=True, created_at=at
    )
    OrganizationMembership.objects.create(
        organization=organization, user=owner, is_owner=True, created_at=at
    )
    audit.record(
        actor=Actor.of(owner),
        action=Action.ORGANIZATION_CREATE,
        obj=organization,
        project=project,
        at=at,
    )
    return organization


@transaction.atomic
def create_owner(
    *, email: str, password: str, organization: str, actor: Actor, at: datetime
) -> User:
    """Makes an account that owns a new organization of that name.

    Raises IntegrityError when the address has an account.
    """
    user = User.objects.create_user(email, password, created_at=at)
    created = create_organization(name=organization, owner=user, at=at)
    audit.record(
        actor=actor,
        action=Action.USER_CREATE,
        obj=user,
        project=created.projects.get(is_default=True),
        at=at,
    )
    return user


def add_member(
    *, project: Project, user: User, role: Role, actor: Actor, at: datetime
) -> ProjectMembership:
    """Gives `user` this role in `project`, in place of the one held before."""
    require(actor, Action.MEMBER_UPDATE, project, obj=user)
    with transaction.atomic():
        membership, _ = ProjectMembership.objects.update_or_create(
            project=project,
            user=user,
            defaults={"role": role},
            create_defaults={"role": role, "created_at": at},
        )
        audit.record(
            actor=actor,
            action=Action.MEMBER_UPDATE,
            obj=user,
            project=project,
            at=at,
            detail={"role": role},
        )
    return membership


def create_member(
    *, email: str, password: str, project: Project, role: Role, actor: Actor, at: datetime
) -> User:
    """Makes an account that holds `role` in `project`.

    Raises IntegrityError when the address has an account.
    """
    require(actor, Action.MEMBER_UPDATE, project)
    with transaction.atomic():
        user = User.objects.create_user(email, password, created_at=at)
        audit.record(actor=actor, action=Action.USER_CREATE, obj=user, project=project, at=at)
        add_member(project=project, user=user, role=role, actor=actor, at=at)
    return user


def issue_token(*, user: User, name: str, actor: Actor, at: datetime) -> str:
    """Makes an API token that acts as `user`; its text is returned this once."""
    require_self(actor, Action.TOKEN_CREATE, user)
    with transaction.atomic():
        text = tokens.issue(user=user, name=name, at=at)
        audit.record(
            actor=actor,
            action=Action.TOKEN_CREATE,
            obj=user,
            project=None,
            at=at,
            detail={"name": name},
        )
    return text


def revoke_token(*, token: ApiToken, actor: Actor, at: datetime) -> None:
    """Ends a token for good; ending it again changes nothing."""
    require_self(actor, Action.TOKEN_REVOKE, token.user)
    with transaction.atomic():
        if ApiToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=at):
            audit.record(actor=actor, action=Action.TOKEN_REVOKE, obj=token, project=None, at=at)
