"""Changing what was said: edited, deleted, taken back before it is sent, shown in time."""

import logging
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q

from accounts.access import require
from accounts.actor import SYSTEM, Actor
from accounts.roles import Action
from incidents import reminders
from incidents.actions.checks import check_body, fresh
from incidents.actions.incident import is_newest, tell
from incidents.actions.maintenance_course import unfinish
from incidents.actions.telling import tell_anew
from incidents.lifecycle import OVER, IncidentStatus, explain_illegal
from incidents.messages import unshown_message
from incidents.models import Incident, IncidentUpdate, IncidentUpdateQuerySet
from incidents.retelling import restate_claims, retell
from incidents.sweeping import logged
from incidents.timeline import record, show_updates
from pages.actions import Conflict
from pages.models import Page
from pages.versions import changing
from subscribers import outbox

log = logging.getLogger(__name__)

# It waits for the start of its maintenance, which is due and has not been noted yet.
_BEFORE_ITS_START = Q(
    incident__status=IncidentStatus.SCHEDULED,
    incident__scheduled_auto_in_progress=True,
    incident__scheduled_for__lte=F("display_at"),
)


def edit_update(
    *, update: IncidentUpdate, body: str, actor: Actor, at: datetime, seen: datetime | None = None
) -> IncidentUpdate:
    """Changes the text of an update; the old one stays in the audit trail.

    While its news is held the new text is what is sent; what was sent stays as it was, and
    visitors see that the update was edited. `seen` is its `updated_at` as the author knew it.
    Raises Conflict, Invalid, Refused.
    """
    incident = update.incident
    require(actor, Action.UPDATE_EDIT, incident.page.project, obj=incident)
    check_body(body)
    with changing(incident.page_id) as [page]:
        update = _fresh(update)
        if seen is not None and seen != update.updated_at:
            raise Conflict("body", "Somebody has changed this update meanwhile.")
        before, update.body, update.updated_at = update.body, body, at
        update.save(update_fields=["body", "updated_at"])
        _touch(update.incident, at)
        is_held = update.notification_id in tell_anew(update.incident, page=page, at=at)
        if update.published_at and not is_held:
            update.edited_at = at
            update.save(update_fields=["edited_at"])
        detail = {"update": str(update.pk), "before": before}
        record(Action.UPDATE_EDIT, incident=update.incident, actor=actor, at=at, detail=detail)
    return update


def delete_update(*, update: IncidentUpdate, actor: Actor, at: datetime) -> None:
    """Takes an update out of the story, with whatever it said of components.

    Its text stays in the audit trail; held news goes with it. Raises Conflict for the only
    update that is public, and Refused.
    """
    incident = update.incident
    require(actor, Action.UPDATE_DELETE, incident.page.project, obj=incident)
    with changing(incident.page_id) as [page]:
        update = _fresh(update)
        if _is_only(update):
            raise Conflict("update", "A story keeps one update: delete the incident instead.")
        _remove(page, update, Action.UPDATE_DELETE, actor=actor, at=at)


def undo_update(*, update: IncidentUpdate, actor: Actor, at: datetime) -> None:
    """Takes back an update whose news is still held: it is removed and nothing is sent.

    With the update that opened it the whole incident goes. Raises Conflict when the news
    went out already, and Refused.
    """
    incident = update.incident
    require(actor, Action.UPDATE_UNDO, incident.page.project, obj=incident)
    with changing(incident.page_id) as [page]:
        update = _fresh(update)
        if not _take_back(update.notification_id):
            raise Conflict("update", "It went out already. Post another update to correct it.")
        if _is_only(update):
            _delete(update.incident, Action.UPDATE_UNDO, actor=actor, at=at)
        else:
            _remove(page, update, Action.UPDATE_UNDO, actor=actor, at=at)


def release_update(*, update: IncidentUpdate, actor: Actor, at: datetime) -> None:
    """Sends held news at once. Raises Conflict when it went out already, and Refused."""
    incident = update.incident
    require(actor, Action.INCIDENT_UPDATE, incident.page.project, obj=incident)
    with changing(incident.page_id):
        update = _fresh(update)
        if update.notification_id is None or not outbox.release_held(
            notification_id=update.notification_id
        ):
            raise Conflict("update", "It went out already.")
        detail = {"update": str(update.pk), "released": True}
        record(Action.INCIDENT_UPDATE, incident=update.incident, actor=actor, at=at, detail=detail)


def delete_incident(*, incident: Incident, actor: Actor, at: datetime) -> None:
    """Deletes an incident or a maintenance as if it had never been; only the trail remains.

    Raises Refused.
    """
    require(actor, Action.INCIDENT_DELETE, incident.page.project, obj=incident)
    with changing(incident.page_id):
        _delete(fresh(incident), Action.INCIDENT_DELETE, actor=actor, at=at)


def show_due_updates(*, at: datetime) -> int:
    """Shows updates whose time has come, each in its own transaction; counts them."""
    due = IncidentUpdate.objects.waiting().filter(display_at__lte=at)
    done = 0
    for update in due.exclude(_BEFORE_ITS_START).told().select_related("incident"):
        with logged(log, "update %s was due and not shown", update.pk):
            done += _show_if_due(update, at)
    return done


def _show_if_due(update: IncidentUpdate, at: datetime) -> bool:
    with changing(update.incident.page_id) as [page]:
        shown = _story(IncidentUpdate.objects.waiting()).filter(pk=update.pk).first()
        if shown is None:
            return False
        incident, status = shown.incident, IncidentStatus(shown.status)
        old = IncidentStatus(incident.status)
        if old in OVER or explain_illegal(incident.family, old, status):
            _give_up(page, shown, at)
            return False
        show_updates({shown: {}}, actor=SYSTEM, at=at)
        detail = {"update": str(shown.pk)}
        record(Action.INCIDENT_UPDATE, incident=incident, actor=SYSTEM, at=at, detail=detail)
        if is_newest(shown):
            tell(page=page, update=shown, at=at)
    return True


def _give_up(page: Page, update: IncidentUpdate, at: datetime) -> None:
    """The story has gone on otherwise: operators get the text back."""
    message = unshown_message(page=page, update=update, at=at)
    outbox.enqueue_for_operators(page=page, message=message, at=at)
    _remove(page, update, Action.UPDATE_DELETE, actor=SYSTEM, at=at)


def _take_back(notification_id: UUID | None) -> bool:
    """Withdraws held news. What is told without a hold is on its way already."""
    if notification_id is None or notification_id not in outbox.held_until([notification_id]):
        return False
    return outbox.withdraw_held(notification_id=notification_id)


def _remove(
    page: Page, update: IncidentUpdate, action: Action, *, actor: Actor, at: datetime
) -> None:
    incident = update.incident
    if update.notification_id:
        outbox.withdraw_held(notification_id=update.notification_id)
    detail = {"update": str(update.pk), "before": update.body}
    was_published = update.published_at is not None
    if update.status == IncidentStatus.COMPLETED:
        unfinish(update, actor=actor)
    update.delete()
    if was_published:
        retell([incident], actor=actor, at=at)
        reminders.plan_nudges(incident, at)
        reminders.plan_before_start([incident], at)
        tell_anew(incident, page=page, at=at)
    else:
        _touch(incident, at)
    record(action, incident=incident, actor=actor, at=at, detail=detail)


def _delete(incident: Incident, action: Action, *, actor: Actor, at: datetime) -> None:
    for notification_id in incident.updates.values_list("notification_id", flat=True):
        if notification_id:
            outbox.withdraw_held(notification_id=notification_id)
    restate_claims({incident: []}, actor=actor)
    record(action, incident=incident, actor=actor, at=at, detail={"deleted": True})
    if incident.series:
        # Else it would be made again.
        incident.series.exceptions.append(incident.occurrence)
        incident.series.save(update_fields=["exceptions"])
    incident.delete()


def _touch(incident: Incident, at: datetime) -> None:
    incident.updated_at = max(at, incident.updated_at)
    incident.save(update_fields=["updated_at"])


def _is_only(update: IncidentUpdate) -> bool:
    others = update.incident.updates.published().exclude(pk=update.pk)
    return update.published_at is not None and not others.exists()


def _fresh(update: IncidentUpdate) -> IncidentUpdate:
    found = _story(IncidentUpdate.objects.all()).filter(pk=update.pk).first()
    if found is None:
        raise Conflict("update", "Somebody has deleted this update meanwhile.")
    return found


def _story(updates: IncidentUpdateQuerySet) -> IncidentUpdateQuerySet:
    return updates.select_related("incident__page__project")
