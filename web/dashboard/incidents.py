"""The incidents of a page: list, detail, and what becomes of drafts."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.roles import Action
from incidents.actions import Invalid, dismiss_draft, publish_draft
from incidents.lifecycle import IncidentStatus
from pages.links import incident_url
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.shell import done, failed, show_page
from web.dashboard.stories import with_story

TAB = "incidents"
PAST_A_SCREEN = 20


@operators_only
@require_GET
def incident_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    incidents = desk.page.incidents
    past = incidents.filter(status=IncidentStatus.RESOLVED).order_by("-started_at", "-id")
    context = {
        "open_incidents": with_story(incidents.open().order_by("started_at", "id")),
        "drafts": with_story(incidents.drafts().order_by("started_at", "id")),
        "screen": Paginator(past, PAST_A_SCREEN).get_page(request.GET.get("screen")),
    }
    return show_page(desk, "incidents.html", context, tab=TAB)


@operators_only
@require_GET
def incident_detail(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    incident = desk.find(with_story(desk.page.incidents.all()), incident_id, needs=Action.PAGE_VIEW)
    context = {"incident": incident, "incident_url": incident_url(desk.page, incident.id)}
    return show_page(desk, "incident.html", context, tab=TAB)


@operators_only
@require_POST
def draft_publish(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_PUBLISH)
    incident = desk.find(desk.page.incidents.all(), incident_id, needs=Action.INCIDENT_PUBLISH)
    try:
        publish_draft(incident=incident, actor=desk.actor, at=desk.at)
    except Invalid as refusal:
        return failed(request, str(refusal), desk.url("incidents"))
    return done(request, f"{incident.name} is public.", desk.url("incident", incident.id))


@operators_only
@require_http_methods(["GET", "POST"])
def draft_dismiss(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_DISMISS)
    incident = desk.find(desk.page.incidents.all(), incident_id, needs=Action.INCIDENT_DISMISS)
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
