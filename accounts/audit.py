"""The trail of who did what, and who was refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model

from accounts.actor import Actor
from accounts.models import AuditEvent, Project
from accounts.roles import Action


@dataclass(frozen=True, slots=True)
class Done:
    """What was mutated. `detail` holds what JSON can; never a secret, a token or an address."""

    obj: Model
    project: Project | None
    detail: dict[str, object]


def record(
    *,
    actor: Actor,
    action: Action,
    obj: Model,
    project: Project | None,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Adds the row of a mutation; call it inside the mutation's own transaction.

    `detail` holds what JSON can; never a secret, a token or a subscriber's address.
    """
    record_all([Done(obj, project, detail or {})], actor=actor, action=action, at=at)


def record_all(done: Iterable[Done], *, actor: Actor, action: Action, at: datetime) -> None:
    """Adds the rows of the same action on many objects."""
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=at,
            user=actor.user,
            actor=actor.label,
            action=action,
            object_type=type_name(each.obj),
            object_id=str(each.obj.pk),
            organization_id=each.project.organization_id if each.project else None,
            project=each.project,
            detail=each.detail,
        )
        for each in done
    )


def record_refusal(
    *,
    actor: Actor,
    action: Action,
    object_type: str,
    object_id: str,
    project: Project | None,
    at: datetime,
) -> int:
    """Counts a refusal in its own transaction and returns the count of its minute.

    `durable` makes a caller that has already opened a transaction fail: its rollback
    would take the row with it.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            _COUNT_REFUSAL,
            {
                "at": at,
                "minute": at.replace(second=0, microsecond=0),
                "user": actor.user.pk if actor.user else None,
                "actor": actor.label,
                "action": action,
                "object_type": object_type,
                "object_id": object_id,
                "organization": project.organization_id if project else None,
                "project": project.pk if project else None,
            },
        )
        (count,) = cursor.fetchone()
    return int(count)


def type_name(obj: Model) -> str:
    return str(obj._meta.model_name)  # noqa: SLF001 (Django documents _meta as public)


_COUNT_REFUSAL = """
    INSERT INTO accounts_auditevent (
        at, minute, user_id, actor, action, object_type, object_id,
        organization_id, project_id, outcome, count, detail
    )
    VALUES (
        %(at)s, %(minute)s, %(user)s, %(actor)s, %(action)s, %(object_type)s, %(object_id)s,
        %(organization)s, %(project)s, 'refused', 1, '{}'
    )
    ON CONFLICT (actor, action, object_type, object_id, minute) WHERE outcome = 'refused'
    DO UPDATE SET count = accounts_auditevent.count + 1, at = excluded.at
    RETURNING count
"""
