"""What becomes of drafts, whether a check or a person wrote them."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, dismiss_draft, publish_draft, rewrite_draft
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.status import Status
from subscribers.markdown import to_html
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import Line, refuse
from web.dashboard.incident_forms import NAME_LIMIT, SystemsForm, body_field
from web.dashboard.incidents import TAB
from web.dashboard.posting import after_posting, hold_of
from web.dashboard.shell import done, failed, show_page
from web.dashboard.stories import with_story

STALE = 409
FORM_REFUSED = 422


class DraftForm(SystemsForm):
    name = Line(limit=NAME_LIMIT, label="Title")
    body = body_field()


@operators_only
@require_http_methods(["GET", "POST"])
def draft_edit(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    incident = _find(desk, incident_id, needs=Action.INCIDENT_UPDATE)
    url = desk.url("incident", incident.id)
    if incident.status != IncidentStatus.DRAFT:
        return failed(request, "It is no draft any more.", url)
    form = _form(desk, incident)
    if request.method == "GET" or not form.is_valid():
        return _show(desk, incident, form, status=FORM_REFUSED if form.errors else 200)
    try:
        rewrite_draft(
            incident=incident,
            name=form.cleaned_data["name"],
            body=form.cleaned_data["body"],
            statuses=form.said(),
            actor=desk.actor,
            at=desk.at,
        )
    except Conflict:
        return _show(desk, incident, form, status=STALE)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(desk, incident, form, status=FORM_REFUSED)
    return done(request, "Saved.", url)


@operators_only
@require_POST
def draft_publish(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_PUBLISH)
    incident = _find(desk, incident_id, needs=Action.INCIDENT_PUBLISH)
    try:
        publish_draft(incident=incident, actor=desk.actor, at=desk.at, hold=hold_of(desk))
    except Invalid as refusal:
        return failed(request, str(refusal), desk.url("incidents"))
    update = incident.updates.earliest("created_at")
    url = desk.url("incident", incident.id)
    return after_posting(desk, update, text=f"{incident.name} is public.", url=url)


@operators_only
@require_http_methods(["GET", "POST"])
def draft_dismiss(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_DISMISS)
    incident = _find(desk, incident_id, needs=Action.INCIDENT_DISMISS)
    if request.method == "GET":
        question = Question(
            title="Dismiss this draft?",
            text=f"Nobody is told of “{incident.name}”. The status that the checks see stays.",
            verb="Dismiss",
            back=desk.url("incident", incident.id),
        )
        return ask(desk, question, tab=TAB)
    try:
        dismiss_draft(incident=incident, actor=desk.actor, at=desk.at)
    except Invalid as refusal:
        return failed(request, str(refusal), desk.url("incidents"))
    return done(request, "Dismissed: nobody was told.", desk.url("incidents"))


def _find(desk: Desk, incident_id: UUID, *, needs: Action) -> Incident:
    incidents = desk.page.incidents.incidents().select_related("page__project")
    return desk.find(with_story(incidents), incident_id, needs=needs)


def _form(desk: Desk, incident: Incident) -> DraftForm:
    text = next(iter(incident.updates.all()), None)
    return DraftForm(
        desk.request.POST if desk.request.method == "POST" else None,
        components=list(desk.page.components.as_on_page()),
        initial={
            "name": incident.name,
            "body": text.body if text else "",
            **{f"system-{row.component_id}": Status(row.status) for row in incident.affected.all()},
        },
    )


def _show(desk: Desk, incident: Incident, form: DraftForm, *, status: int) -> HttpResponse:
    """With 409 somebody published or dismissed it meanwhile: the words are still there to take."""
    context = {
        "form": form,
        "incident": incident,
        "stale": status == STALE,
        "html": to_html(form["body"].value() or ""),
    }
    return show_page(desk, "draft_edit.html", context, tab=TAB, status=status)
