"""A page at a glance: what is open, how its parts are, who was told, what needs a person."""

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from subscribers.reads import resting
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.maintenance import next_maintenance
from web.dashboard.shell import show_page
from web.dashboard.stories import with_story
from web.dashboard.subscribers import count_subscribers
from web.dashboard.tellings import count_failed, tellings, told_to_many

LAST_TELLINGS = 5


@operators_only
@require_GET
def overview(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    incidents = desk.page.incidents
    context = {
        "open_incidents": with_story(incidents.open().order_by("started_at", "id")),
        "drafts": list(incidents.drafts().order_by("started_at", "id")),
        "components": list(desk.page.components.select_related("group").as_on_page()),
        "next_maintenance": next_maintenance(desk.page),
        "tellings": tellings(list(told_to_many(desk.page)[:LAST_TELLINGS])),
        "subscribers": count_subscribers(desk.page),
        "failed": count_failed(desk.page),
        "resting": resting(desk.page),
        "mail_folder": None if settings.EMAIL_URL else settings.MAIL_DIR,
    }
    return show_page(desk, "overview.html", context, tab="overview")
