"""Opening and updating incidents in the words of services and severities."""

from uuid import UUID

from django.utils.timezone import now
from ninja import Router, Status

from accounts.roles import Action
from incidents import actions
from incidents.lifecycle import STATUS_OF_IMPACT
from incidents.models import Incident, IncidentUpdate
from web.api import shapes
from web.api.auth import ActingRequest, token_or_session
from web.api.fields import Input, References, Severity, Text, Title, UpdateStatus
from web.api.idempotency import once
from web.api.lookup import incident_of
from web.api.services import chosen

router = Router(auth=token_or_session, tags=["incidents"], by_alias=True)


class NewServiceIncident(Input):
    title: Title
    severity: Severity
    service_ids: References
    initial_message: Text


class NewServiceUpdate(Input):
    message: Text
    status: UpdateStatus


@router.post("/admin/incidents", response={201: shapes.IncidentOut, 200: shapes.IncidentOut})
def create_incident(request: ActingRequest, body: NewServiceIncident) -> Status[shapes.IncidentOut]:
    """Opens an incident; its severity becomes the status of every named service."""
    page, components = chosen(request, Action.INCIDENT_CREATE, body.service_ids)
    status = STATUS_OF_IMPACT[body.severity]

    def make(key: str) -> Incident:
        return actions.open_incident(
            page=page,
            name=body.title,
            body=body.initial_message,
            statuses=dict.fromkeys(components, status),
            impact_override=None if components else body.severity,
            actor=request.auth,
            at=now(),
            key=key,
        )

    return once(request, make, shapes.whole)


@router.post(
    "/admin/incidents/{uuid:incident_id}/updates",
    response={201: shapes.UpdateOut, 200: shapes.UpdateOut},
)
def create_update(
    request: ActingRequest, incident_id: UUID, body: NewServiceUpdate
) -> Status[shapes.UpdateOut]:
    """Adds an update; RESOLVED closes the incident and ends what it said of its services."""
    incident = incident_of(request, incident_id, Action.INCIDENT_UPDATE)

    def make(key: str) -> IncidentUpdate:
        return actions.post_update(
            incident=incident,
            status=body.status,
            body=body.message,
            actor=request.auth,
            at=now(),
            key=key,
        )

    return once(request, make, shapes.update)
