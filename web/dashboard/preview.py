"""What a text will look like, and who will be told of it, before it is posted."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from incidents.models import Incident
from subscribers.markdown import to_html
from web.dashboard.audience import Audience, audience_for
from web.dashboard.desk import Desk
from web.dashboard.incident_forms import ComposeForm, NewIncidentForm, UpdateForm

SWITCHED_OFF = "you switched it off."


@dataclass(frozen=True, slots=True)
class Preview:
    """`verb` stands on the button, with the number of those who are told.

    `shown_at` is None for now, `promise` None without one.
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


def preview_of(desk: Desk, form: NewIncidentForm) -> Preview:
    """What a new incident will say. A field that is wrong counts as empty."""
    values = values_of(form)
    return _preview(desk, form, values, verb="Post incident", affected=None)


def preview_of_update(desk: Desk, incident: Incident, form: UpdateForm) -> Preview:
    values = values_of(form)
    shown_at = values.get("display_at")
    return _preview(
        desk,
        form,
        values,
        verb="Post update",
        affected=[component.id for component in form.known] if incident.names_components else None,
        silence=_silence(incident, shown_at),
        shown_at=shown_at,
        title=incident.name,
    )


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
    form: ComposeForm,
    values: dict[str, Any],
    *,
    verb: str,
    affected: Collection[UUID] | None,
    silence: str = "",
    shown_at: datetime | None = None,
    title: str = "",
) -> Preview:
    notify = bool(values.get("notify"))
    promise = values.get("next_update_by")
    return Preview(
        verb=verb,
        title=title or values.get("name") or "",
        stage=values.get("status") or form["status"].initial,
        html=to_html(values.get("body") or ""),
        audience=audience_for(
            desk.page,
            told_of(form, affected),
            silence=silence or ("" if notify else SWITCHED_OFF),
        ),
        notify=notify,
        promise=promise if isinstance(promise, datetime) else None,
        shown_at=shown_at,
        is_ahead=shown_at is not None and shown_at > desk.at,
    )


def _silence(incident: Incident, shown_at: datetime | None) -> str:
    if not incident.deliver_notifications:
        return "the incident is silent, by its settings."
    newest = next((each for each in incident.updates.all() if each.published_at), None)
    if shown_at and newest and shown_at < newest.display_at:
        return "it enters the story before the latest update."
    return ""
