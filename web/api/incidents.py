"""Operators' routes for incidents."""

from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from ninja import Router

from accounts.access import note_hidden
from accounts.roles import Action
from incidents import actions
from incidents.lifecycle import STATUS_OF_IMPACT
from incidents.models import Incident
from web.api import shapes
from web.api.auth import ActingRequest, token_or_session
from web.api.fields import Input, References, Severity, Text, Title, UpdateStatus
from web.api.services import chosen

router = Router(auth=token_or_session, tags=["incidents"], by_alias=True)


class NewIncident(Input):
    title: Title
    severity: Severity
    service_ids: References
    initial_message: Text


class NewUpdate(Input):
    message: Text
    status: UpdateStatus


@router.post("/admin/incidents", response={201: shapes.IncidentOut})
def create_incident(request: ActingRequest, body: NewIncident) -> shapes.IncidentOut:
    """Opens an incident; its severity becomes the status of every named service."""
    page, components = chosen(request, Action.INCIDENT_CREATE, body.service_ids)
    status = STATUS_OF_IMPACT[body.severity]
    incident = actions.open_incident(
        page=page,
        name=body.title,
        body=body.initial_message,
        statuses=dict.fromkeys(components, status),
        impact_override=None if components else body.severity,
        actor=request.auth,
        at=now(),
    )
    return shapes.incident(incident, components=components, updates=incident.updates.all())


@router.post("/admin/incidents/{uuid:incident_id}/updates", response={201: shapes.UpdateOut})
def create_update(request: ActingRequest, incident_id: UUID, body: NewUpdate) -> shapes.UpdateOut:
    """Adds an update; RESOLVED closes the incident and ends what it said of its services."""
    update = actions.post_update(
        incident=_incident(request, incident_id),
        status=body.status,
        body=body.message,
        actor=request.auth,
        at=now(),
    )
    return shapes.update(update)


def _incident(request: ActingRequest, incident_id: UUID) -> Incident:
    mine = Incident.objects.visible_to(request.user).select_related("page__project")
    incident = mine.filter(pk=incident_id).first()
    if incident is None:
        note_hidden(request.auth, Action.INCIDENT_UPDATE, "incident", str(incident_id))
        raise Http404
    return incident
