"""The incidents of a page: the list, and one with its whole story."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.roles import Action
from incidents.lifecycle import IncidentStatus
from pages.links import incident_url, short_url
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.postmortem_state import state_of
from web.dashboard.sending import sending_of
from web.dashboard.shell import show_page
from web.dashboard.stories import with_story

TAB = "incidents"
PAST_A_SCREEN = 20


@operators_only
@require_GET
def incident_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    """What waits, what is open, what is over; the archive has a screen of its own."""
    desk = open_desk(request, page_id)
    incidents = desk.page.incidents.incidents()
    archive = request.GET.get("show") == "archive"
    past = incidents.filter(status=IncidentStatus.RESOLVED, archived_at__isnull=not archive)
    rows = past.select_related("postmortem").order_by("-started_at", "-id")
    context = {
        "archive": archive,
        "open_incidents": with_story(incidents.open().order_by("started_at", "id")),
        "drafts": with_story(incidents.unsettled().order_by("-automatic", "started_at", "id")),
        "screen": Paginator(rows, PAST_A_SCREEN).get_page(request.GET.get("screen")),
    }
    return show_page(desk, "incidents.html", context, tab=TAB)


@operators_only
@require_GET
def incident_detail(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    incidents = with_story(desk.page.incidents.incidents().select_related("postmortem"))
    incident = desk.find(incidents, incident_id, needs=Action.PAGE_VIEW)
    context = {
        "incident": incident,
        "incident_url": incident_url(desk.page, incident.id),
        "short_url": short_url(incident.code),
        "sent": sending_of(incident.updates.all()),
        "postmortem": state_of(incident),
    }
    return show_page(desk, "incident.html", context, tab=TAB)
