"""What an operator took back, kept in the session so that the form can be filled with it again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from incidents.models import Incident, IncidentUpdate
from pages.status import Status

_KEY = "taken_back"
# In an address: the form begins with what was taken back.
MARK = "undone"


def keep(request: HttpRequest, update: IncidentUpdate, *, of: UUID) -> None:
    """Call it before the update is gone. `of` is the incident, or the page of one that opened."""
    changes = update.changes.all()
    promise = update.next_update_by
    request.session[_KEY] = {
        "of": str(of),
        "values": {
            "name": update.incident.name,
            "status": update.status,
            "body": update.body,
            "notify": update.deliver_notifications,
            "next_update_by": promise.isoformat() if promise else "",
        },
        "plan": _plan(update.incident),
        "systems": {f"system-{each.component_id}": each.new_status for each in changes},
    }


def kept(request: HttpRequest, *, of: UUID) -> dict[str, Any]:
    """What a form begins with; empty unless the address asks for it."""
    held = request.session.get(_KEY)
    if MARK not in request.GET or held is None or held["of"] != str(of):
        return {}
    systems = {name: Status(status) for name, status in held["systems"].items()}
    return {**held["values"], **systems}


def kept_plan(request: HttpRequest, *, of: UUID) -> dict[str, Any]:
    """When a maintenance was planned to be, and for which systems, beside `kept`."""
    plan = request.session[_KEY]["plan"] if kept(request, of=of) else {}
    times = ("scheduled_for", "scheduled_until")
    return plan | {name: datetime.fromisoformat(plan[name]) for name in times if name in plan}


def _plan(incident: Incident) -> dict[str, Any]:
    if incident.scheduled_for is None or incident.scheduled_until is None:
        return {}
    return {
        "scheduled_for": incident.scheduled_for.isoformat(),
        "scheduled_until": incident.scheduled_until.isoformat(),
        "systems": [str(row.component_id) for row in incident.affected.all()],
    }


def forget(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)
