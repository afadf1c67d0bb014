"""The updates of a story: posted, edited, deleted."""

from collections.abc import Callable
from uuid import UUID

from django.utils.timezone import now
from ninja import Router, Status

from accounts.roles import Action
from incidents import actions
from incidents.models import Incident, IncidentUpdate
from pages.actions import Invalid
from web.api import incident_shapes, maintenances
from web.api.affected import update_statuses
from web.api.auth import ActingRequest, token_or_session
from web.api.idempotency import once
from web.api.incident_bodies import NewUpdate, UpdatePatch
from web.api.incident_shapes import StoryUpdate
from web.api.lookup import incident_of, update_of
from web.api.story_fields import instant_on

router = Router(auth=token_or_session, tags=["incidents"], by_alias=True)
_ONE = "/incidents/{uuid:incident_id}/updates/{uuid:update_id}"


@router.post("/incidents/{uuid:incident_id}/updates", response={201: StoryUpdate, 200: StoryUpdate})
def add_update(request: ActingRequest, incident_id: UUID, body: NewUpdate) -> Status[StoryUpdate]:
    """Without a status the story stays where it is; `displayAt` may lie ahead."""
    incident = incident_of(request, incident_id, Action.INCIDENT_UPDATE)
    return once(request, verb_of(request, incident, body), incident_shapes.update)


@router.patch(_ONE, response=StoryUpdate)
def edit_update(
    request: ActingRequest, incident_id: UUID, update_id: UUID, body: UpdatePatch
) -> StoryUpdate:
    """Changes its text; visitors see that it was edited."""
    update = update_of(request, incident_id, update_id, Action.UPDATE_EDIT)
    edited = actions.edit_update(update=update, body=body.body, actor=request.auth, at=now())
    return incident_shapes.update(edited)


@router.delete(_ONE, response={204: None})
def delete_update(request: ActingRequest, incident_id: UUID, update_id: UUID) -> Status[None]:
    """Takes it out of the story, with what it said of components."""
    update = update_of(request, incident_id, update_id, Action.UPDATE_DELETE)
    actions.delete_update(update=update, actor=request.auth, at=now())
    return Status(204, None)


def verb_of(
    request: ActingRequest, incident: Incident, body: NewUpdate
) -> Callable[[str], IncidentUpdate]:
    """Posts what `body` says, under the request's key; Invalid when it says nothing."""
    if not body.says_something:
        raise Invalid("body", "Send a body, a status or components.")
    page = incident.page
    if step := maintenances.step_of(request, incident, body):
        return step
    statuses = update_statuses(request, Action.INCIDENT_UPDATE, page, body)
    return lambda key: actions.post_update(
        incident=incident,
        status=body.status,
        body=body.body,
        statuses=statuses,
        display_at=body.display_at and instant_on(page, body.display_at),
        next_update_by=body.next_update_by and instant_on(page, body.next_update_by),
        deliver=body.deliver_notifications,
        reopen=body.reopen,
        actor=request.auth,
        at=now(),
        key=key,
    )
