"""Saying afterwards what a past span of a component's history was, and taking that back."""

from datetime import datetime, timedelta

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from pages import days
from pages.actions.invalid import Conflict, Invalid, line
from pages.models import Component, Reclassification
from pages.reclassified import Kind
from pages.versions import changing

REASON_LIMIT = 500
LONGEST = timedelta(days=31)


def reclassify(
    *,
    component: Component,
    since: datetime,
    until: datetime,
    kind: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Reclassification:
    """Lays "maintenance" or "checker_fault" over what was seen from `since` until `until`.

    Claims and intervals stay. The days it touches are folded again. Where several overlap, the
    newest counts. Visitors read the reason. Raises Refused or Invalid.
    """
    require(actor, Action.UPTIME_RECLASSIFY, component.page.project, obj=component)
    require_sayable(component, since=since, until=until, kind=kind, reason=reason, at=at)
    with changing(component.page_id):
        made = component.reclassifications.create(
            since=since,
            until=until,
            kind=kind,
            reason=reason.strip(),
            actor=actor.label,
            user=actor.user,
            created_at=at,
        )
        days.refold({component: since})
        _record("reclassified", made, actor, at)
    return made


def withdraw_reclassification(
    *, reclassification: Reclassification, actor: Actor, at: datetime
) -> None:
    """Lets what was seen count again. Raises Refused, or Conflict when it does already."""
    component = reclassification.component
    require(actor, Action.UPTIME_RECLASSIFY, component.page.project, obj=component)
    with changing(component.page_id):
        in_force = Reclassification.objects.in_force().filter(pk=reclassification.pk)
        if not in_force.update(withdrawn_at=at):
            raise Conflict("reclassification", "It is withdrawn already.")
        reclassification.withdrawn_at = at
        days.refold({component: reclassification.since})
        _record("withdrawn", reclassification, actor, at)


def require_sayable(
    component: Component,
    *,
    since: datetime,
    until: datetime,
    kind: str,
    reason: str,
    at: datetime,
) -> None:
    """Raises Invalid for what `reclassify` would refuse of anybody."""
    if until <= since:
        raise Invalid("until", "The end must be after the beginning.")
    if until > at:
        raise Invalid("until", "Only what is past can be reclassified.")
    if since < component.created_at:
        raise Invalid("since", f"{component.name} has no history before it was made.")
    if until - since > LONGEST:
        raise Invalid("until", f"Reclassify at most {LONGEST.days} days at once.")
    if kind not in set(Kind):
        raise Invalid("kind", f"Use one of {', '.join(Kind)}.")
    line("reason", reason, limit=REASON_LIMIT)


def _record(did: str, row: Reclassification, actor: Actor, at: datetime) -> None:
    audit.record(
        actor=actor,
        action=Action.UPTIME_RECLASSIFY,
        obj=row.component,
        project=row.component.page.project,
        at=at,
        detail={
            "did": did,
            "reclassification": str(row.pk),
            "kind": row.kind,
            "since": row.since.isoformat(),
            "until": row.until.isoformat(),
            "reason": row.reason,
        },
    )
