"""What a PATCH of an incident asks for: settings first, then a draft, a schedule or an update."""

from collections.abc import Callable
from functools import partial

from django.utils.timezone import now

from accounts.roles import Action
from incidents import actions
from incidents.actions.settings import IncidentChanges
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.actions import Invalid
from pages.status import Status
from web.api import maintenances, updates
from web.api.affected import update_statuses
from web.api.auth import ActingRequest
from web.api.incident_bodies import IncidentPatch, refuse

Step = Callable[[], object]
_SCHEDULE = {"scheduled_for", "scheduled_until"}
_BESIDE_WORDS = {"next_update_by", "display_at", "reopen"}


def steps_of(request: ActingRequest, incident: Incident, body: IncidentPatch) -> list[Step]:
    """Looks up and refuses; the steps it returns belong into one transaction."""
    moves = bool(body.model_fields_set & _SCHEDULE)
    is_draft = incident.status == IncidentStatus.DRAFT
    news = not is_draft and (moves or body.says_something)
    steps: list[Step] = []
    if changes := _settings(body, news=news):
        steps.append(
            lambda: actions.update_incident(
                incident=incident, actor=request.auth, at=now(), **changes
            )
        )
    if is_draft:
        steps += _draft_steps(request, incident, body)
    elif moves:
        steps.append(maintenances.move_of(request, incident, body))
    elif news:
        steps.append(partial(updates.verb_of(request, incident, body), ""))
    else:
        refuse(body, _BESIDE_WORDS, what="A change without an update")
    return steps


def _settings(body: IncidentPatch, *, news: bool) -> IncidentChanges:
    """`deliverNotifications` is about the news, where there is any, else about all to come."""
    given = body.model_fields_set
    changes = IncidentChanges()
    if body.name is not None:
        changes["name"] = body.name
    if "impact_override" in given:
        changes["impact_override"] = body.impact_override
    if body.metadata is not None:
        changes["metadata"] = body.metadata
    if body.reminder_intervals is not None:
        changes["reminder_intervals"] = body.reminder_intervals
    if body.reminder_unit is not None:
        changes["reminder_unit"] = body.reminder_unit
    if "deliver_notifications" in given and not news:
        changes["deliver_notifications"] = body.deliver_notifications
    return changes


def _draft_steps(request: ActingRequest, incident: Incident, body: IncidentPatch) -> list[Step]:
    """Rewritten, then published where the status says so."""
    refuse(body, _SCHEDULE | _BESIDE_WORDS, what="A draft")
    if body.status not in {None, IncidentStatus.DRAFT, IncidentStatus.INVESTIGATING}:
        raise Invalid("status", f"A draft is published as {IncidentStatus.INVESTIGATING}.")
    steps: list[Step] = []
    if body.model_fields_set & {"body", "components", "component_ids"}:
        steps.append(_rewriting(request, incident, body))
    if body.status is IncidentStatus.INVESTIGATING:
        steps.append(lambda: actions.publish_draft(incident=incident, actor=request.auth, at=now()))
    return steps


def _rewriting(request: ActingRequest, incident: Incident, body: IncidentPatch) -> Step:
    rows = incident.affected.select_related("component")
    known = {row.component: Status(row.status) for row in rows}
    said = update_statuses(request, Action.INCIDENT_UPDATE, incident.page, body)
    given = "body" in body.model_fields_set
    text = body.body if given else incident.updates.latest("created_at").body
    return lambda: actions.rewrite_draft(
        incident=incident,
        name=body.name or incident.name,
        body=text,
        statuses=known | said,
        actor=request.auth,
        at=now(),
    )
