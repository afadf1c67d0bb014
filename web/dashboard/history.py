"""A component's last 90 days: what was seen, what it counts as, and correcting that."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Action
from pages.actions import Conflict, Invalid, reclassify, withdraw_reclassification
from pages.actions.reclassify import require_sayable
from pages.evidence import Evidence, intervals_of
from pages.models import Component, Reclassification
from pages.reclassified import Kind, Word
from pages.uptime import percent
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.history_forms import ReclassifyForm, asked_span
from web.dashboard.history_rows import rows_of, share_with, words_of
from web.dashboard.shell import done, failed, show_page
from web.page.moment import one_moment

TAB = "components"
INTERVALS_A_SCREEN = 50
WORDS_SHOWN = 50
FORM_REFUSED = 422


@operators_only
@require_GET
def component_history(request: OperatorRequest, page_id: UUID, component_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id)
    component = desk.find(desk.page.components.all(), component_id, needs=Action.PAGE_VIEW)
    evidence = _evidence(desk, component)
    [shown] = evidence.components
    screen = Paginator(shown.seen[::-1], INTERVALS_A_SCREEN).get_page(request.GET.get("screen"))
    said = component.reclassifications.touching(evidence.days[0].start, desk.at)
    context = {
        "component": component,
        "uptime": _written(_share(evidence)),
        "screen": screen,
        "rows": rows_of(screen, shown, evidence.weights, at=desk.at),
        "said": said.order_by("-created_at", "-id")[:WORDS_SHOWN],
    }
    return show_page(desk, "history.html", context, tab=TAB)


@operators_only
@require_http_methods(["GET", "POST"])
def component_reclassify(
    request: OperatorRequest, page_id: UUID, component_id: UUID
) -> HttpResponse:
    """Three steps at one address: the form, what would become of the figure, the deed."""
    desk = open_desk(request, page_id, needs=Action.UPTIME_RECLASSIFY)
    components = desk.page.components.select_related("page__project")
    component = desk.find(components, component_id, needs=Action.UPTIME_RECLASSIFY)
    zone, step = ZoneInfo(desk.page.timezone), request.POST.get("step")
    form = ReclassifyForm(request.POST or None, zone=zone, initial=asked_span(request.GET))
    if request.method == "GET" or not form.is_valid() or step == "change":
        return _show_form(desk, component, form)
    try:
        if step != "sure":
            require_sayable(component, at=desk.at, **form.cleaned_data)
            return _show_effect(desk, component, form)
        reclassify(component=component, actor=desk.actor, at=desk.at, **form.cleaned_data)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show_form(desk, component, form)
    text = "Reclassified. The page shows the new figure."
    return done(request, text, desk.url("component_history", component.id))


@operators_only
@require_http_methods(["GET", "POST"])
def reclassification_withdraw(
    request: OperatorRequest, page_id: UUID, reclassification_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.UPTIME_RECLASSIFY)
    rows = Reclassification.objects.filter(component__page=desk.page)
    found = desk.find(
        rows.select_related("component__page__project"),
        reclassification_id,
        needs=Action.UPTIME_RECLASSIFY,
    )
    back = desk.url("component_history", found.component_id)
    if request.method == "GET":
        question = Question(
            title="Withdraw the reclassification?",
            text=f"What was seen of {found.component.name} counts again, at once. "
            f"Visitors no longer read: {found.reason}",
            verb="Withdraw",
            back=back,
            destroys=False,
        )
        return ask(desk, question, tab=TAB)
    try:
        withdraw_reclassification(reclassification=found, actor=desk.actor, at=desk.at)
    except Conflict as refusal:
        return failed(request, refusal.message, back)
    return done(request, "Withdrawn. What was seen counts again.", back)


def _show_form(desk: Desk, component: Component, form: ReclassifyForm) -> HttpResponse:
    context = {"component": component, "form": form}
    status = FORM_REFUSED if form.errors else 200
    return show_page(desk, "history_form.html", context, tab=TAB, status=status)


def _show_effect(desk: Desk, component: Component, form: ReclassifyForm) -> HttpResponse:
    evidence = _evidence(desk, component)
    values = form.cleaned_data
    word = Word(Kind(values["kind"]), values["since"], values["until"])
    context = {
        "component": component,
        "form": form,
        "kind": word.kind,
        "values": values,
        "before": _written(_share(evidence)),
        "after": _written(_share(evidence, word)),
    }
    return show_page(desk, "history_confirm.html", context, tab=TAB)


def _evidence(desk: Desk, component: Component) -> Evidence:
    with one_moment():
        return intervals_of(desk.page, at=desk.at, component=component)


def _share(evidence: Evidence, *more: Word) -> Decimal | None:
    [component] = evidence.components
    bounds: list[tuple[datetime, datetime]] = [(day.start, day.end) for day in evidence.days]
    words = [*words_of(component.said), *more]
    return share_with(component, bounds, evidence.weights, words=words)


def _written(share: Decimal | None) -> str:
    return "no data" if share is None else percent(share, 3)
