"""The postmortem of an incident: written, published, taken back, or done without."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import (
    Conflict,
    Invalid,
    ignore_postmortem,
    publish_postmortem,
    revert_postmortem,
    save_postmortem,
)
from incidents.lifecycle import OPEN, IncidentStatus
from incidents.models import Incident, Postmortem
from incidents.postmortems import revision_of
from pages.links import incident_url
from subscribers.markdown import to_html
from web.dashboard.audience import audience_for
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incident_forms import body_field
from web.dashboard.incidents import TAB
from web.dashboard.postmortem_state import state_of_text
from web.dashboard.seen import seen_in, version_for
from web.dashboard.shell import done, failed, show_page

STALE = 409
FORM_REFUSED = 422


class PostmortemForm(forms.Form):
    body = body_field("What was learned")
    notify = forms.BooleanField(required=False, initial=True)


@operators_only
@require_http_methods(["GET", "POST"])
def postmortem(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    """Saves what is written; with the other button it becomes public as well."""
    desk = open_desk(request, page_id, needs=Action.POSTMORTEM_WRITE)
    incident = _find(desk, incident_id, needs=Action.POSTMORTEM_WRITE)
    if incident.status == IncidentStatus.DRAFT:
        text = "Publish the draft before you write about it."
        return failed(request, text, desk.url("incident", incident.pk))
    form = PostmortemForm(request.POST or None, initial={"body": _written(incident).body_draft})
    if request.method == "GET" or not form.is_valid():
        return _show(desk, incident, form, status=FORM_REFUSED if form.errors else 200)
    try:
        return _save(desk, incident, form)
    except Conflict:
        incident = _find(desk, incident_id, needs=Action.POSTMORTEM_WRITE)
        return _show(desk, incident, form, status=STALE)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(desk, incident, form, status=FORM_REFUSED)


@operators_only
@require_POST
def postmortem_revert(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.POSTMORTEM_PUBLISH)
    incident = _find(desk, incident_id, needs=Action.POSTMORTEM_PUBLISH)
    url = desk.url("postmortem", incident.pk)
    try:
        revert_postmortem(incident=incident, actor=desk.actor, at=desk.at)
    except Conflict as conflict:
        return failed(request, str(conflict), url)
    return done(request, "Taken back: visitors do not see it any more.", url)


@operators_only
@require_POST
def postmortem_ignore(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    """`needed` in the form says that there may be one after all."""
    desk = open_desk(request, page_id, needs=Action.POSTMORTEM_WRITE)
    incident = _find(desk, incident_id, needs=Action.POSTMORTEM_WRITE)
    url = desk.url("incident", incident.pk)
    ignored = "needed" not in request.POST
    try:
        ignore_postmortem(incident=incident, actor=desk.actor, at=desk.at, ignored=ignored)
    except Conflict as conflict:
        return failed(request, str(conflict), url)
    return done(request, "No postmortem, then." if ignored else "There may be one again.", url)


def _find(desk: Desk, incident_id: UUID, *, needs: Action) -> Incident:
    incidents = desk.page.incidents.select_related("page__project", "postmortem")
    return desk.find(incidents.prefetch_related("affected"), incident_id, needs=needs)


def _written(incident: Incident) -> Postmortem:
    """What there is, or an empty one that is not stored."""
    return getattr(incident, "postmortem", None) or Postmortem(incident=incident)


def _save(desk: Desk, incident: Incident, form: PostmortemForm) -> HttpResponse:
    text = form.cleaned_data["body"]
    saved = save_postmortem(
        incident=incident, body=text, actor=desk.actor, at=desk.at, seen=seen_in(desk.request)
    )
    if "publish" not in desk.request.POST:
        return done(desk.request, "Saved. Visitors do not see it yet.", desk.request.path)
    publish_postmortem(
        incident=incident,
        actor=desk.actor,
        at=desk.at,
        notify=form.cleaned_data["notify"],
        seen=saved.updated_at,
    )
    return done(desk.request, "The postmortem is public.", desk.url("incident", incident.pk))


def _show(desk: Desk, incident: Incident, form: PostmortemForm, *, status: int) -> HttpResponse:
    """With 409 somebody was quicker: both texts are shown, and saving again is a decision."""
    written = _written(incident)
    ids = [row.component_id for row in incident.affected.all()]
    silence = "" if incident.deliver_notifications else "the incident is silent, by its settings."
    context = {
        "form": form,
        "incident": incident,
        "written": written,
        "state": state_of_text(written),
        "is_open": incident.status in OPEN,
        "audience": audience_for(
            desk.page, ids if incident.names_components else None, silence=silence
        ),
        "seen": version_for(desk.request, revision_of(incident), stale=status == STALE),
        "stale": status == STALE,
        "html": to_html(form["body"].value() or ""),
        "incident_url": incident_url(desk.page, incident.pk),
    }
    return show_page(desk, "postmortem.html", context, tab=TAB, status=status)
