"""Incidents and maintenances: opened, listed, read, changed, deleted."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now
from ninja import Router, Status
from pydantic import Field

from accounts.access import require
from accounts.roles import Action
from incidents import actions
from incidents.models import Incident
from web.api import incident_shapes, opening
from web.api.auth import ActingRequest, token_or_session
from web.api.changing import steps_of
from web.api.fields import Input, Output, Reference
from web.api.idempotency import once
from web.api.incident_bodies import IncidentPatch, NewIncident
from web.api.incident_shapes import IncidentSummary, StoryOut
from web.api.lookup import incident_of, page_of
from web.api.query import described, read_query
from web.api.story_fields import StoryStatus

router = Router(auth=token_or_session, tags=["incidents"], by_alias=True)


class IncidentFilter(Input):
    status_page_id: Reference | None = None
    status: StoryStatus | None = None
    page: Annotated[int, Field(ge=1, le=10_000, strict=False)] = 1
    per_page: Annotated[int, Field(ge=1, le=100, strict=False)] = 25


class IncidentList(Output):
    """`nextPage` is null on the last one."""

    incidents: list[IncidentSummary]
    page: int
    per_page: int
    next_page: int | None


@router.post("/incidents", response={201: StoryOut, 200: StoryOut})
def create_incident(request: ActingRequest, body: NewIncident) -> Status[StoryOut]:
    """Opens an incident, keeps a draft (status "draft"), enters one that is over (backfillDate),
    or plans a maintenance (scheduledFor).
    """
    make = opening.verb_of(body)
    return once(request, lambda key: make(request, body, key), incident_shapes.whole)


@router.get("/incidents", response=IncidentList, openapi_extra=described(IncidentFilter))
def list_incidents(request: ActingRequest) -> IncidentList:
    """The newest first, drafts that wait included."""
    asked = read_query(request, IncidentFilter)
    mine = Incident.objects.visible_to(request.user)
    rows = mine.public() | mine.unsettled()
    if asked.status_page_id is not None:
        rows = rows.filter(page=page_of(request, asked.status_page_id, Action.PAGE_VIEW))
    if asked.status is not None:
        rows = rows.filter(status=asked.status)
    start = (asked.page - 1) * asked.per_page
    rows = incident_shapes.printable(rows.order_by("-created_at", "-id"))
    found = list(rows[start : start + asked.per_page + 1])
    return IncidentList(
        incidents=[incident_shapes.summary(row) for row in found[: asked.per_page]],
        page=asked.page,
        per_page=asked.per_page,
        next_page=asked.page + 1 if len(found) > asked.per_page else None,
    )


@router.get("/incidents/{uuid:incident_id}", response=StoryOut)
def show_incident(request: ActingRequest, incident_id: UUID) -> StoryOut:
    """One with all its updates, newest first, also those that wait for their time."""
    return incident_shapes.whole(incident_of(request, incident_id, Action.PAGE_VIEW))


@router.patch("/incidents/{uuid:incident_id}", response=StoryOut)
def change_incident(request: ActingRequest, incident_id: UUID, body: IncidentPatch) -> StoryOut:
    """Changes its settings, moves a maintenance, publishes a draft ("investigating").

    With a status, body or components it adds an update.
    """
    incident = incident_of(request, incident_id, Action.INCIDENT_UPDATE)
    # Before the transaction: a refusal must outlive what it undoes.
    require(request.auth, Action.INCIDENT_UPDATE, incident.page.project, obj=incident)
    steps = steps_of(request, incident, body)
    with transaction.atomic():
        for step in steps:
            with suppress(actions.Repeated):
                step()
    return incident_shapes.whole(incident)


@router.delete("/incidents/{uuid:incident_id}", response={204: None})
def delete_incident(request: ActingRequest, incident_id: UUID) -> Status[None]:
    """As if it had never been: its part of the history of its components goes too."""
    incident = incident_of(request, incident_id, Action.INCIDENT_DELETE)
    actions.delete_incident(incident=incident, actor=request.auth, at=now())
    return Status(204, None)
