"""Resolving what the checks found good again: one click, with the words that say so."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.roles import Action
from incidents import wording
from incidents.actions import Conflict, Invalid, Repeated, post_update
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.posting import after_posting, hold_of
from web.dashboard.seen import seen_in
from web.dashboard.shell import done, failed
from web.dashboard.stories import with_story


@operators_only
@require_POST
def incident_resolve(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    """For an incident whose resolution is proposed; somebody who was quicker wins."""
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    incidents = with_story(desk.page.incidents.incidents().select_related("page__project"))
    incident = desk.find(incidents, incident_id, needs=Action.INCIDENT_UPDATE)
    url = desk.url("incident", incident.pk)
    if incident.resolve_proposed_at is None:
        return failed(request, "Nothing proposes that any more. Look again.", url)
    try:
        update = post_update(
            incident=incident,
            status=IncidentStatus.RESOLVED,
            body=_words(desk, incident, incident.resolve_proposed_at),
            hold=hold_of(desk),
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(request),
        )
    except Repeated:
        return done(request, "Resolved.", url)
    except (Conflict, Invalid) as refusal:
        return failed(request, str(refusal), url)
    return after_posting(desk, update, text="Resolved.", url=url)


def _words(desk: Desk, incident: Incident, since: datetime) -> str:
    names = [row.component.name for row in incident.affected.all()]
    zone = desk.page.timezone
    return wording.recovered(names, since.astimezone(ZoneInfo(zone)), zone)
