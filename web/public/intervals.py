"""The door to what a page's percentages follow from: anybody may recompute them."""

import re
from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pages.evidence import Evidence, intervals_of
from pages.lookup import published_page
from pages.models import Component, Page
from web.limits import INTERVALS, seconds_to_wait, source_of
from web.page import tolerant
from web.page.documents import JSON_HEADERS
from web.page.moment import one_moment
from web.public.errors import too_many_requests
from web.public.evidence_forms import as_csv, as_json

MOST_DAYS = 90
_NUMBER = re.compile("[1-9][0-9]?")


@csrf_exempt
@require_safe
def intervals(request: HttpRequest, page: str, form: str) -> HttpResponse:
    """`?days=` (1 to 90) up to now, of one `?component=` or of all."""
    if wait_s := seconds_to_wait(INTERVALS, "intervals", source_of(request)):
        return too_many_requests(request, retry_after=wait_s)
    try:
        days = _days(request.GET.get("days", str(MOST_DAYS)))
    except ValueError as error:
        content = {"error": "bad_request", "message": str(error)}
        return JsonResponse(content, status=HTTPStatus.BAD_REQUEST)
    evidence = _evidence(page, days, request.GET.get("component"))
    if form == "csv":
        file = f"{evidence.page.subdomain}-{evidence.days[-1].date}.csv"
        return HttpResponse(
            as_csv(evidence),
            content_type="text/csv; charset=utf-8",
            headers={
                **dict(JSON_HEADERS),
                "Content-Disposition": f'attachment; filename="uptime-{file}"',
            },
        )
    return HttpResponse(
        as_json(evidence),
        content_type="application/json; charset=utf-8",
        headers=dict(JSON_HEADERS),
    )


def _days(text: str) -> int:
    """Raises ValueError with a sentence for the caller."""
    if not _NUMBER.fullmatch(text) or int(text) > MOST_DAYS:
        raise ValueError(f"days: use a number from 1 to {MOST_DAYS}.")
    return int(text)


def _evidence(ref: str, days: int, component_ref: str | None) -> Evidence:
    """Raises Http404 where visitors may see no such page or component."""
    with one_moment():
        page = published_page(ref)
        if page is None:
            raise Http404
        page.timezone = tolerant.zone(page.timezone).key
        component = None if component_ref is None else _component(page, component_ref)
        return intervals_of(page, at=now(), days=days, component=component)


def _component(page: Page, ref: str) -> Component:
    try:
        return page.components.get(pk=UUID(ref))
    except (ValueError, Component.DoesNotExist):
        raise Http404 from None
