"""What a text will look like, and who will be told of it, before it is posted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from subscribers.markdown import to_html
from web.dashboard.audience import Audience, audience_for
from web.dashboard.desk import Desk
from web.dashboard.incident_forms import ComposeForm, NewIncidentForm, UpdateForm
from web.dashboard.outlook import headline_after

SWITCHED_OFF = "you switched it off."


@dataclass(frozen=True, slots=True)
class Preview:
    """`verb` stands on the button, with the number of those who are told.

    `shown_at` is None for now, `promise` None without one. `outlook` is what the head of the
    page will say, empty for what enters the past.
    """

    verb: str
    title: str
    stage: str
    html: SafeString
    audience: Audience
    notify: bool
    promise: datetime | None
    shown_at: datetime | None = None
    is_ahead: bool = False
    outlook: str = ""


def preview_of(desk: Desk, form: NewIncidentForm) -> Preview:
    """What a new incident will say. A field that is wrong counts as empty."""
    incident = Incident(page=desk.page, name=values_of(form).get("name") or "")
    return _preview(desk, incident, form, verb="Post incident", affected=None)


def preview_of_update(desk: Desk, incident: Incident, form: UpdateForm) -> Preview:
    affected = [component.id for component in form.known] if incident.names_components else None
    return _preview(desk, incident, form, verb="Post update", affected=affected)


def told_of(form: ComposeForm, affected: Collection[UUID] | None) -> Collection[UUID] | None:
    """The components whose followers are told; None is the whole page.

    `affected` is None as long as the incident names no components: then it concerns all.
    """
    named = {component.id for component in form.statuses()}
    return None if affected is None and not named else named | set(affected or ())


def values_of(form: ComposeForm) -> dict[str, Any]:
    """What was typed, as far as it is right, or what the form begins with."""
    if not form.is_bound:
        return form.beginning()
    form.is_valid()
    return form.cleaned_data


def _preview(
    desk: Desk,
    incident: Incident,
    form: ComposeForm,
    *,
    verb: str,
    affected: Collection[UUID] | None,
) -> Preview:
    values = values_of(form)
    status = IncidentStatus(values.get("status") or form["status"].initial)
    promise, shown_at = values.get("next_update_by"), values.get("display_at")
    is_late = _is_late(incident, shown_at)
    silence = _silence(incident, notify=bool(values.get("notify")), is_late=is_late)
    return Preview(
        verb=verb,
        title=incident.name,
        stage=status,
        html=to_html(values.get("body") or ""),
        audience=audience_for(desk.page, told_of(form, affected), silence=silence),
        notify=bool(values.get("notify")),
        promise=promise if isinstance(promise, datetime) else None,
        shown_at=shown_at,
        is_ahead=shown_at is not None and shown_at > desk.at,
        outlook=""
        if is_late
        else headline_after(desk.page, incident, status=status, said=form.said(), at=desk.at),
    )


def _silence(incident: Incident, *, notify: bool, is_late: bool) -> str:
    if not incident.deliver_notifications:
        return "the incident is silent, by its settings."
    if is_late:
        return "it enters the story before the latest update."
    return "" if notify else SWITCHED_OFF


def _is_late(incident: Incident, shown_at: datetime | None) -> bool:
    """Whether an update enters the story before the newest that visitors can read."""
    if shown_at is None:
        return False
    return any(each.published_at and shown_at < each.display_at for each in incident.updates.all())
