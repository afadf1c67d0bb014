"""What every visitor may know, as JSON."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from ninja.responses import NinjaJSONEncoder

from incidents.lifecycle import STATUS_OF_IMPACT
from incidents.models import Incident, IncidentComponent, IncidentUpdate
from pages.lookup import default_page
from pages.models import Component, Page
from pages.status import Status, worst
from web.api import shapes
from web.api.fields import Output

router = Router(tags=["public"], by_alias=True)


class StatusOut(Output):
    services: list[shapes.ServiceOut]
    active_incidents: list[shapes.IncidentOut]
    overall_status: str


class _Encoded(NamedTuple):
    version: int
    at: datetime
    body: bytes


# By page. A document is built once per page version, and at least every KEPT_FOR.
_ENCODED: dict[UUID, _Encoded] = {}
KEPT_FOR = timedelta(seconds=5)


@router.api_operation(["GET", "HEAD"], "/status", response=StatusOut)
def show_status(request: HttpRequest) -> HttpResponse:
    """The default page: its services, its open incidents, and the worst of both."""
    page = default_page()
    if page is None:
        raise Http404
    return HttpResponse(
        _encoded(page, at=now()),
        content_type="application/json",
        headers={"Cache-Control": f"public, max-age={KEPT_FOR.seconds}"},
    )


def _encoded(page: Page, *, at: datetime) -> bytes:
    known = _ENCODED.get(page.pk)
    if known and known.version == page.version and abs(at - known.at) <= KEPT_FOR:
        return known.body
    # The version was read before the rest: a change in between only costs a rebuild.
    content = _build(page).model_dump(by_alias=True)
    body = json.dumps(content, cls=NinjaJSONEncoder).encode()
    _ENCODED[page.pk] = _Encoded(page.version, at, body)
    return body


def _build(page: Page) -> StatusOut:
    components = list(page.components.in_order())
    incidents = _open_incidents(page)
    return StatusOut(
        services=[shapes.service(component) for component in components],
        active_incidents=[
            shapes.incident(
                incident,
                components=[row.component for row in incident.affected.all()],
                updates=incident.updates.all(),
            )
            for incident in incidents
        ],
        overall_status=_overall(components, incidents),
    )


def _open_incidents(page: Page) -> list[Incident]:
    """Newest first, each with its shown updates, newest first, and its components."""
    updates = IncidentUpdate.objects.published().newest_first()
    affected = IncidentComponent.objects.select_related("component").order_by(
        "component__position", "component__name", "component_id"
    )
    return list(
        Incident.objects.open()
        .filter(page=page)
        .order_by("-created_at", "-id")
        .prefetch_related(Prefetch("updates", updates), Prefetch("affected", affected))
    )


def _overall(components: list[Component], incidents: list[Incident]) -> str:
    """An open incident counts even when every component is green again."""
    statuses = [Status(component.status) for component in components]
    impacts = [STATUS_OF_IMPACT[incident.effective_impact] for incident in incidents]
    return shapes.STATUS_NAMES[worst([*statuses, *impacts])]
