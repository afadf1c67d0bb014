"""Who subscribes to a page."""

from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.roles import Action
from pages.models import Page
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.people import address_of, state_of
from web.dashboard.shell import show_page

SUBSCRIBERS_A_SCREEN = 50

_STAYED = Q(unsubscribed_at__isnull=True)
_SOUND = _STAYED & Q(quarantined_at__isnull=True)


def count_subscribers(page: Page) -> dict[str, int]:
    """`total` leaves out those who unsubscribed."""
    return page.subscribers.aggregate(
        total=Count("pk", filter=_STAYED),
        verified=Count("pk", filter=_SOUND & Q(verified_at__isnull=False)),
        pending=Count("pk", filter=_SOUND & Q(verified_at__isnull=True)),
        quarantined=Count("pk", filter=_STAYED & Q(quarantined_at__isnull=False)),
    )


@operators_only
@require_GET
def subscriber_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.SUBSCRIBER_VIEW)
    rows = desk.page.subscribers.prefetch_related("components").order_by("-created_at", "-id")
    screen = Paginator(rows, SUBSCRIBERS_A_SCREEN).get_page(request.GET.get("screen"))
    context = {
        "counts": count_subscribers(desk.page),
        "screen": screen,
        "rows": [(address_of(one), state_of(one), one) for one in screen],
    }
    return show_page(desk, "subscribers.html", context, tab="subscribers")
