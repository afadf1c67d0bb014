"""What a text will look like, and who will be told of it, before it is posted."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString

from incidents.models import Incident
from pages.models import Page
from subscribers.audience import followers
from subscribers.markdown import to_html
from web.dashboard.desk import Desk
from web.dashboard.incident_forms import NewIncidentForm, UpdateForm


@dataclass(frozen=True, slots=True)
class Audience:
    """`told` get it by email; `left_out` follow only other systems."""

    told: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Preview:
    """`verb` stands on the button, with the number of those who are told."""

    verb: str
    stage: str
    html: SafeString
    audience: Audience


def preview_of(desk: Desk, form: NewIncidentForm) -> Preview:
    """What a new incident will say. A field that is wrong counts as empty."""
    return _preview(desk, form, verb="Post incident", affected=None)


def preview_of_update(desk: Desk, incident: Incident, form: UpdateForm) -> Preview:
    affected = [component.id for component in form.known] if incident.names_components else None
    return _preview(desk, form, verb="Post update", affected=affected)


def _preview(
    desk: Desk,
    form: NewIncidentForm | UpdateForm,
    *,
    verb: str,
    affected: Collection[UUID] | None,
) -> Preview:
    """`affected` is None as long as the incident names no components: then it concerns all."""
    told_of = set(affected or ())
    values: dict[str, Any] = {}
    if form.is_bound:
        form.is_valid()
        values = form.cleaned_data
        told_of |= {component.id for component in form.statuses()}
    whole_page = affected is None and not told_of
    return Preview(
        verb=verb,
        stage=values.get("status") or form["status"].initial,
        html=to_html(values.get("body") or ""),
        audience=_audience(desk.page, None if whole_page else told_of),
    )


def _audience(page: Page, component_ids: Collection[UUID] | None) -> Audience:
    """Nobody is told of a page that is not published."""
    if page.status != Page.State.PUBLISHED:
        return Audience(told=0, left_out=0)
    told = followers(page, component_ids).count()
    return Audience(told=told, left_out=followers(page).count() - told)
