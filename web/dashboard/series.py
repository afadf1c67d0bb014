"""A recurring maintenance: when it takes place next, and what was skipped."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.roles import Action
from incidents.models import MaintenanceSeries
from incidents.walltime import local, parse_local
from web.dashboard.audience import Audience, audience_for
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_rows import planned, with_plan
from web.dashboard.series_rows import said
from web.dashboard.shell import show_page

AHEAD_A_SCREEN = 20
CONFLICT = 409


@operators_only
@require_GET
def series_detail(request: OperatorRequest, page_id: UUID, series_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    return show_series(desk, find_series(desk, series_id, needs=Action.PAGE_VIEW))


def find_series(desk: Desk, series_id: UUID, *, needs: Action) -> MaintenanceSeries:
    rows = desk.page.series.select_related("page__project").prefetch_related("components")
    return desk.find(rows, series_id, needs=needs)


def show_series(desk: Desk, series: MaintenanceSeries, *, conflict: str = "") -> HttpResponse:
    """With `conflict` somebody was quicker: the answer is 409 and says so."""
    upcoming = series.occurrences.upcoming().order_by("scheduled_for", "id")
    ahead = Paginator(with_plan(upcoming), AHEAD_A_SCREEN).get_page(desk.request.GET.get("ahead"))
    context = {
        "series": series,
        "said": said(series, desk.page),
        "ahead": ahead,
        "dates": planned(desk.page, list(ahead)),
        "skipped": _skipped(desk, series),
        "audience": audience_of_series(desk, series),
        "conflict": conflict,
    }
    status = CONFLICT if conflict else 200
    return show_page(desk, "series.html", context, tab=TAB, status=status)


def audience_of_series(desk: Desk, series: MaintenanceSeries) -> Audience:
    ids = [component.pk for component in series.components.all()]
    return audience_for(desk.page, ids or None)


def _skipped(desk: Desk, series: MaintenanceSeries) -> list[object]:
    """The starts, in wall time, that are still to come and do not take place."""
    now = local(desk.at, ZoneInfo(desk.page.timezone))
    starts = sorted(parse_local(each) for each in series.exceptions)
    return [start for start in starts if start >= now]
