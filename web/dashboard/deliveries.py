"""The list of messages that went out, and each message's recipients."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.roles import Action
from subscribers.models import Delivery
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.people import recipient_of
from web.dashboard.shell import show_page
from web.dashboard.tellings import tellings, told_to_many

MESSAGES_A_SCREEN = 25
RECIPIENTS_A_SCREEN = 50


@operators_only
@require_GET
def delivery_list(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.SUBSCRIBER_VIEW)
    paginator = Paginator(told_to_many(desk.page), MESSAGES_A_SCREEN)
    screen = paginator.get_page(request.GET.get("screen"))
    context = {"screen": screen, "tellings": tellings(list(screen))}
    return show_page(desk, "deliveries.html", context, tab="subscribers")


@operators_only
@require_GET
def delivery_detail(request: OperatorRequest, page_id: UUID, notification_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.SUBSCRIBER_VIEW)
    notification = desk.find(
        desk.page.notifications.all(), notification_id, needs=Action.SUBSCRIBER_VIEW
    )
    rows = notification.deliveries.select_related("subscriber", "operator").order_by("id")
    state = request.GET.get("state", "")
    if state in Delivery.State.values:
        rows = rows.filter(state=state)
    screen = Paginator(rows, RECIPIENTS_A_SCREEN).get_page(request.GET.get("screen"))
    context = {
        "telling": tellings([notification])[0],
        "screen": screen,
        "rows": [(recipient_of(delivery), delivery) for delivery in screen],
        "state": state,
    }
    return show_page(desk, "delivery.html", context, tab="subscribers")
