"""One maintenance: its story, its times, what can be done about it."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.roles import Action
from incidents.lifecycle import OVER, RUNNING
from incidents.models import Incident, IncidentUpdate
from pages.links import calendar_url, incident_url, short_url
from web.dashboard.audience import Audience, audience_for
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import TAB
from web.dashboard.maintenance_overlaps import Overlap, overlaps
from web.dashboard.maintenance_rows import Planned, concerned, planned, with_plan
from web.dashboard.maintenance_times import moments
from web.dashboard.sending import sending_of
from web.dashboard.series_rows import next_starts, said
from web.dashboard.shell import show_page

CONFLICT = 409


@operators_only
@require_GET
def maintenance_detail(
    request: OperatorRequest, page_id: UUID, maintenance_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id)
    maintenance = find_maintenance(desk, maintenance_id, needs=Action.PAGE_VIEW)
    return show_maintenance(desk, maintenance)


def find_maintenance(desk: Desk, maintenance_id: UUID, *, needs: Action) -> Incident:
    """Raises Http404 for what is missing, foreign, or an incident."""
    maintenances = desk.page.incidents.maintenances().select_related("page__project")
    return desk.find(with_plan(maintenances), maintenance_id, needs=needs)


def show_maintenance(desk: Desk, maintenance: Incident, *, conflict: str = "") -> HttpResponse:
    """With `conflict` somebody was quicker: the answer is 409 and says so above the story."""
    series = maintenance.series
    context = {
        "maintenance": maintenance,
        "row": _row(desk, maintenance),
        "audience": audience_of(desk, maintenance),
        "overlaps": _overlaps(desk, maintenance),
        "sent": sending_of(maintenance.updates.all()),
        "moments": moments(maintenance, _public(maintenance)),
        "runs": maintenance.status in RUNNING,
        "over": maintenance.status in OVER,
        "series_said": said(series, desk.page) if series else "",
        "next_starts": next_starts(series, besides=maintenance) if series else [],
        "incident_url": incident_url(desk.page, maintenance.id),
        "short_url": short_url(maintenance.code),
        "calendar_url": calendar_url(desk.page),
        "conflict": conflict,
    }
    status = CONFLICT if conflict else 200
    return show_page(desk, "maintenance.html", context, tab=TAB, status=status)


def audience_of(desk: Desk, maintenance: Incident, *, silence: str = "") -> Audience:
    """Who is told of its news, unless there is a reason for `silence`."""
    if not maintenance.deliver_notifications:
        silence = "this maintenance is silent."
    return audience_for(desk.page, concerned(maintenance), silence=silence)


def _public(maintenance: Incident) -> list[IncidentUpdate]:
    return [update for update in maintenance.updates.all() if update.published_at]


def _row(desk: Desk, maintenance: Incident) -> Planned:
    return planned(desk.page, [maintenance])[0]


def _overlaps(desk: Desk, maintenance: Incident) -> list[Overlap]:
    start, end = maintenance.scheduled_for, maintenance.scheduled_until
    if start is None or end is None or maintenance.status in OVER:
        return []
    ids = concerned(maintenance) or ()
    return overlaps(desk.page, [(start, end)], ids, at=desk.at, besides=maintenance)
