"""The maintenances of a page: what runs, what is planned, what is over."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from incidents.lifecycle import OVER, RUNNING, IncidentStatus
from incidents.models import Incident
from pages.models import Page
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance_rows import next_of_each, planned, with_plan
from web.dashboard.series_rows import series_rows
from web.dashboard.shell import show_page

TAB = "maintenance"
AHEAD_A_SCREEN = 20
PAST_A_SCREEN = 20


@operators_only
@require_GET
def maintenance_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    maintenances = desk.page.incidents.maintenances()
    upcoming = next_of_each(maintenances.upcoming())
    ahead = Paginator(with_plan(upcoming), AHEAD_A_SCREEN).get_page(request.GET.get("ahead"))
    past = maintenances.filter(status__in=OVER).order_by("-scheduled_for", "-id")
    running = with_plan(maintenances.running().order_by("scheduled_until", "id"))
    context = {
        "running": planned(desk.page, list(running)),
        "ahead": ahead,
        "upcoming": planned(desk.page, list(ahead)),
        "series": series_rows(desk.page),
        "screen": Paginator(past, PAST_A_SCREEN).get_page(request.GET.get("screen")),
    }
    return show_page(desk, "maintenances.html", context, tab=TAB)


def next_maintenance(page: Page) -> Incident | None:
    """What runs, else what comes first."""
    ahead = page.incidents.filter(status__in=RUNNING | {IncidentStatus.SCHEDULED})
    return ahead.order_by("scheduled_for", "id").first()
