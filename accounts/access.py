"""The one question every verb asks first: may this actor do this?"""

import logging

from django.db.models import Model
from django.utils.timezone import now

from accounts import audit
from accounts.actor import Actor
from accounts.models import OrganizationMembership, Project, ProjectMembership, User
from accounts.roles import Action, Role, allows

log = logging.getLogger(__name__)

OBJECT_ID_LIMIT = 64


class Refused(Exception):  # noqa: N818 (reads as what happened)
    """An actor may not do `action`. Without any `role` the object must look missing."""

    def __init__(self, action: Action, role: Role | None) -> None:
        super().__init__(f"{action} is not permitted to {role or 'strangers'}")
        self.action = action
        self.role = role


def role_of(user: User, project: Project) -> Role | None:
    """The strongest role `user` has in `project`.

    An owner of the organization owns its projects; a plain member of it reads them.
    """
    if not user.is_active:
        return None
    membership = OrganizationMembership.objects.filter(
        organization_id=project.organization_id, user=user
    ).first()
    if membership and membership.is_owner:
        return Role.OWNER
    held = ProjectMembership.objects.filter(project=project, user=user).first()
    if held:
        return Role(held.role)
    return Role.VIEWER if membership else None


def require(actor: Actor, action: Action, project: Project, *, obj: Model | None = None) -> None:
    """Raises Refused, and keeps the refusal, unless `actor` may do `action` in `project`.

    The product itself may do everything. Call it before opening a transaction. `obj` is
    what the action is about, the project itself when not given.
    """
    if actor.user is None:
        return
    role = role_of(actor.user, project)
    if allows(role, action):
        return
    _keep(actor=actor, action=action, obj=_name(obj or project), project=project, role=role)
    raise Refused(action, role)


def require_self(actor: Actor, action: Action, user: User) -> None:
    """Raises Refused unless `actor` is `user` or the product itself: for a person's own things."""
    if actor.user is None or actor.user == user:
        return
    _keep(actor=actor, action=action, obj=_name(user))
    raise Refused(action, None)


def note_hidden(actor: Actor, action: Action, object_type: str, object_id: str) -> None:
    """Keeps that `actor` asked for something missing or foreign.

    The same work for both, so that neither the answer nor its time tells them apart.
    """
    _keep(actor=actor, action=action, obj=(object_type, object_id[:OBJECT_ID_LIMIT]))


def _name(obj: Model) -> tuple[str, str]:
    return audit.type_name(obj), str(obj.pk)


def _keep(
    *,
    actor: Actor,
    action: Action,
    obj: tuple[str, str],
    project: Project | None = None,
    role: Role | None = None,
) -> None:
    """Users stand in the log by id: no log holds an address."""
    object_type, object_id = obj
    count = audit.record_refusal(
        actor=actor,
        action=action,
        object_type=object_type,
        object_id=object_id,
        project=project,
        at=now(),
    )
    log.warning(
        "[SECURITY] refused user=%s action=%s object=%s:%s role=%s count=%d",
        actor.user.pk if actor.user else "-",
        action,
        object_type,
        object_id,
        role or "none",
        count,
    )
