"""What was learned: written apart from what is public, published, taken back, or done without."""

from datetime import datetime, timedelta

from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents.actions.checks import check_body, fresh
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, Postmortem
from incidents.postmortems import postmortem_message, revision_of
from incidents.stories import read_story
from incidents.timeline import record
from pages.actions import Conflict, Invalid
from pages.models import Page
from pages.versions import changing
from subscribers import outbox

_ENDED = frozenset({IncidentStatus.RESOLVED, IncidentStatus.COMPLETED})


def save_postmortem(
    *, incident: Incident, body: str, actor: Actor, at: datetime, seen: datetime | None = None
) -> Postmortem:
    """Keeps the text that is being written; what is public stays as it is.

    `seen` is `revision_of(incident)` as the author knew it. Raises Conflict when somebody else
    has saved since, or the incident is a draft; Invalid naming the field; Refused.
    """
    require(actor, Action.POSTMORTEM_WRITE, incident.page.project, obj=incident)
    check_body(body)
    with changing(incident.page_id):
        incident, postmortem = _open(incident, actor=actor, at=at, seen=seen)
        postmortem.body_draft = body
        postmortem.ignored = False
        _save(postmortem, at=at)
        record(Action.POSTMORTEM_WRITE, incident=incident, actor=actor, at=at)
    return postmortem


def publish_postmortem(
    *,
    incident: Incident,
    actor: Actor,
    at: datetime,
    notify: bool = True,
    seen: datetime | None = None,
) -> Postmortem:
    """Makes the written text public. With `notify` followers are told, once for ever.

    Raises Conflict while the incident goes on, or when somebody else has saved since; Invalid
    without a text; Refused.
    """
    require(actor, Action.POSTMORTEM_PUBLISH, incident.page.project, obj=incident)
    with changing(incident.page_id) as [page]:
        incident, postmortem = _open(incident, actor=actor, at=at, seen=seen)
        if incident.status not in _ENDED:
            raise Conflict("status", "A postmortem is published when the incident is over.")
        if not postmortem.body_draft.strip():
            raise Invalid("body", "Write the postmortem before you publish it.")
        postmortem.body = postmortem.body_draft
        postmortem.body_last_updated_at = at
        postmortem.published_at = postmortem.published_at or at
        postmortem.ignored = False
        if notify:
            _tell(postmortem, page=page, at=at)
        _save(postmortem, at=at)
        record(Action.POSTMORTEM_PUBLISH, incident=incident, actor=actor, at=at)
    return postmortem


def revert_postmortem(*, incident: Incident, actor: Actor, at: datetime) -> Postmortem:
    """Takes the text back from the public; it stays as what is being written.

    Raises Conflict when it is not public, and Refused.
    """
    require(actor, Action.POSTMORTEM_PUBLISH, incident.page.project, obj=incident)
    with changing(incident.page_id):
        incident, postmortem = _open(incident, actor=actor, at=at)
        if postmortem.published_at is None:
            raise Conflict("body", "This postmortem is not public.")
        postmortem.body = ""
        postmortem.published_at = None
        _save(postmortem, at=at)
        record(
            Action.POSTMORTEM_PUBLISH,
            incident=incident,
            actor=actor,
            at=at,
            detail={"reverted": True},
        )
    return postmortem


def ignore_postmortem(
    *, incident: Incident, actor: Actor, at: datetime, ignored: bool = True
) -> Postmortem:
    """Says that there will be none, or, with `ignored` False, that there may be one again.

    Raises Conflict when it is public, and Refused.
    """
    require(actor, Action.POSTMORTEM_WRITE, incident.page.project, obj=incident)
    with changing(incident.page_id):
        incident, postmortem = _open(incident, actor=actor, at=at)
        if postmortem.published_at is not None:
            raise Conflict("body", "This postmortem is public. Take it back first.")
        postmortem.ignored = ignored
        _save(postmortem, at=at)
        record(
            Action.POSTMORTEM_WRITE,
            incident=incident,
            actor=actor,
            at=at,
            detail={"ignored": ignored},
        )
    return postmortem


def _open(
    incident: Incident, *, actor: Actor, at: datetime, seen: datetime | None = None
) -> tuple[Incident, Postmortem]:
    """Both as they are now, under the lock; the postmortem may be a new one, unsaved."""
    incident = fresh(incident)
    if incident.status == IncidentStatus.DRAFT:
        raise Conflict("status", "Publish the draft before you write about it.")
    if seen is not None and seen != revision_of(incident):
        raise Conflict("body", "Somebody has changed this postmortem meanwhile.")
    known = Postmortem.objects.filter(incident=incident).first()
    new = Postmortem(
        incident=incident,
        created_by=actor.user,
        body_last_updated_at=at,
        created_at=at,
        updated_at=incident.created_at,
    )
    return incident, known or new


def _save(postmortem: Postmortem, *, at: datetime) -> None:
    """No two texts have the same revision, whatever the clock says."""
    postmortem.updated_at = max(at, postmortem.updated_at + timedelta(microseconds=1))
    postmortem.save()


def _tell(postmortem: Postmortem, *, page: Page, at: datetime) -> None:
    incident = postmortem.incident
    is_told = page.status == Page.State.PUBLISHED and incident.deliver_notifications
    if postmortem.notified_subscribers or not is_told:
        return
    outbox.enqueue(
        page=page,
        message=postmortem_message(page=page, postmortem=postmortem, at=at),
        component_ids=read_story(incident).audience,
        at=at,
    )
    postmortem.notified_subscribers = True
