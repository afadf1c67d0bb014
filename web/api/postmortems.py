"""What was learned: written, published, taken back, done without."""

from datetime import datetime
from uuid import UUID

from django.http import Http404
from django.utils.timezone import now
from ninja import Router
from pydantic import AliasChoices, Field

from accounts.roles import Action
from incidents import actions
from incidents.models import Postmortem
from web.api.auth import ActingRequest, token_or_session
from web.api.fields import Input, Output, Text
from web.api.lookup import incident_of

router = Router(auth=token_or_session, tags=["postmortems"], by_alias=True)
_PATH = "/incidents/{uuid:incident_id}/postmortem"


class PostmortemText(Input):
    body_draft: Text = Field(validation_alias=AliasChoices("bodyDraft", "body_draft", "body"))


class Publishing(Input):
    notify_subscribers: bool = True


class Ignoring(Input):
    ignored: bool = True


class PostmortemOut(Output):
    """`body` is public, `bodyDraft` what is being written."""

    id: UUID
    incident_id: UUID
    body: str
    body_draft: str
    body_last_updated_at: datetime
    ignored: bool
    notified_subscribers: bool
    published_at: datetime | None
    created_at: datetime
    updated_at: datetime


@router.get(_PATH, response=PostmortemOut)
def show_postmortem(request: ActingRequest, incident_id: UUID) -> PostmortemOut:
    """What is public and what is being written; 404 while there is neither."""
    incident = incident_of(request, incident_id, Action.PAGE_VIEW)
    written = Postmortem.objects.filter(incident=incident).first()
    if written is None:
        raise Http404
    return _shown(written)


@router.put(_PATH, response=PostmortemOut)
def write_postmortem(
    request: ActingRequest, incident_id: UUID, body: PostmortemText
) -> PostmortemOut:
    """Keeps the text that is being written; what is public stays as it is."""
    incident = incident_of(request, incident_id, Action.POSTMORTEM_WRITE)
    return _shown(
        actions.save_postmortem(
            incident=incident, body=body.body_draft, actor=request.auth, at=now()
        )
    )


@router.post(f"{_PATH}/publish", response=PostmortemOut)
def publish_postmortem(
    request: ActingRequest, incident_id: UUID, body: Publishing | None = None
) -> PostmortemOut:
    """Makes the written text public; followers are told once for ever."""
    incident = incident_of(request, incident_id, Action.POSTMORTEM_PUBLISH)
    notify = (body or Publishing()).notify_subscribers
    return _shown(
        actions.publish_postmortem(incident=incident, notify=notify, actor=request.auth, at=now())
    )


@router.post(f"{_PATH}/revert", response=PostmortemOut)
def revert_postmortem(request: ActingRequest, incident_id: UUID) -> PostmortemOut:
    """Takes the text back from the public."""
    incident = incident_of(request, incident_id, Action.POSTMORTEM_PUBLISH)
    return _shown(actions.revert_postmortem(incident=incident, actor=request.auth, at=now()))


@router.post(f"{_PATH}/ignore", response=PostmortemOut)
def ignore_postmortem(
    request: ActingRequest, incident_id: UUID, body: Ignoring | None = None
) -> PostmortemOut:
    """Says that there will be none, or, with `ignored` false, that there may be one again."""
    incident = incident_of(request, incident_id, Action.POSTMORTEM_WRITE)
    ignored = (body or Ignoring()).ignored
    return _shown(
        actions.ignore_postmortem(incident=incident, ignored=ignored, actor=request.auth, at=now())
    )


def _shown(row: Postmortem) -> PostmortemOut:
    return PostmortemOut(**{name: getattr(row, name) for name in PostmortemOut.model_fields})
