"""Entering an incident that is over: at the times it had, and without a word to anybody."""

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from incidents.actions import Invalid, Repeated, backfill_incident
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import Line, WallTime, refuse
from web.dashboard.incident_forms import NAME_LIMIT, SystemsForm, body_field
from web.dashboard.incidents import TAB
from web.dashboard.shell import done, show_page

FORM_REFUSED = 422


class BackfillForm(SystemsForm):
    name = Line(limit=NAME_LIMIT, label="Title")
    body = body_field("What happened")
    closing = body_field("How it ended")

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["began_at"] = WallTime(zone=zone, label="Began", help_text=zone.key)
        self.fields["ended_at"] = WallTime(zone=zone, label="Ended", help_text=zone.key)


@operators_only
@require_http_methods(["GET", "POST"])
def backfill(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_CREATE)
    form = _form(desk)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            incident = backfill_incident(
                page=desk.page,
                name=values["name"],
                body=values["body"],
                closing=values["closing"],
                statuses=form.statuses(),
                began_at=values["began_at"],
                ended_at=values["ended_at"],
                key=request.POST.get("key", ""),
                actor=desk.actor,
                at=desk.at,
            )
        except Repeated as before:
            return HttpResponseRedirect(desk.url("incident", before.row.pk))
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            url = desk.url("incident", incident.pk)
            return done(request, "It is part of the history now. Nobody was told.", url)
    status = FORM_REFUSED if form.errors else 200
    context = {"form": form, "key": uuid4().hex}
    return show_page(desk, "backfill.html", context, tab=TAB, status=status)


def _form(desk: Desk) -> BackfillForm:
    return BackfillForm(
        desk.request.POST if desk.request.method == "POST" else None,
        components=list(desk.page.components.as_on_page()),
        zone=ZoneInfo(desk.page.timezone),
    )
