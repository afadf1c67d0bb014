"""The mail that a form would send: shown in a frame, or sent to its author as a test."""

from collections.abc import Callable
from copy import copy
from http import HTTPStatus

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from limits import parse_many

from incidents.lifecycle import IncidentStatus, impact_of
from incidents.messages import incident_message
from incidents.models import Incident, IncidentUpdate
from pages.status import Status
from subscribers import outbox
from subscribers.channels import letter
from subscribers.message import Fact, Kind, Message
from web.dashboard.desk import Desk
from web.dashboard.incident_forms import ComposeForm, NewIncidentForm, UpdateForm
from web.dashboard.preview import values_of
from web.dashboard.shell import with_toast
from web.limits import seconds_to_wait

TEST_MAILS = parse_many("5/minute; 30/hour")
# A mail brings its styles along. It runs nothing, loads nothing and leads nowhere.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def message_of(desk: Desk, form: NewIncidentForm) -> Message:
    """What opening this incident would tell."""
    values = values_of(form)
    incident = Incident(
        page=desk.page,
        name=values.get("name") or "",
        impact=impact_of(form.said().values()),
        started_at=desk.at,
    )
    return _message(desk, incident, form, kind=Kind.INCIDENT_CREATED)


def message_of_update(desk: Desk, incident: Incident, form: UpdateForm) -> Message:
    """What posting this update would tell."""
    is_end = values_of(form).get("status") == IncidentStatus.RESOLVED
    kind = Kind.INCIDENT_RESOLVED if is_end else Kind.INCIDENT_UPDATED
    return _message(desk, copy(incident), form, kind=kind)


def frame(desk: Desk, message: Message) -> HttpResponse:
    """The mail as a document of its own, for a sandboxed frame in one of our screens."""
    written = letter.write(message, page=desk.page, language="en", to_operators=False)
    response = HttpResponse(written.html)
    response["Content-Security-Policy"] = _POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def with_frames(response: HttpResponse) -> HttpResponse:
    """Lets a screen frame our own documents."""
    response._csp_update = {"frame-src": ["'self'"]}  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def send_test(desk: Desk, message: Message, *, show: Callable[[int], HttpResponse]) -> HttpResponse:
    """Sends it to its author alone, not too often. A toast, or without htmx the screen, says so.

    `show` makes the screen with a status.
    """
    user = desk.request.user
    wait = seconds_to_wait(TEST_MAILS, "test mail", str(user.pk))
    if wait:
        text, status = f"Too many tests. Try again in {wait} s.", HTTPStatus.TOO_MANY_REQUESTS
    else:
        test = msgspec.structs.replace(message, is_test=True)
        outbox.enqueue_for_operator(page=desk.page, operator=user, message=test, at=desk.at)
        text, status = f"A test is on its way to {user.email}.", HTTPStatus.OK
    level = "error" if wait else "success"
    if desk.request.htmx:
        return with_toast(HttpResponse(status=status), text, level=level)
    messages.add_message(desk.request, messages.ERROR if wait else messages.SUCCESS, text)
    return show(status)


def _message(desk: Desk, incident: Incident, form: ComposeForm, *, kind: Kind) -> Message:
    values = values_of(form)
    incident.status = values.get("status") or form["status"].initial
    promise = values.get("next_update_by")
    update = IncidentUpdate(
        incident=incident,
        status=incident.status,
        body=values.get("body") or "",
        display_at=values.get("display_at") or desk.at,
        next_update_by=promise or None,
    )
    message = incident_message(kind=kind, page=desk.page, update=update)
    return msgspec.structs.replace(message, facts=_facts(form, incident))


def _facts(form: ComposeForm, incident: Incident) -> tuple[Fact, ...]:
    """How systems are after it: an end says of all that it is over."""
    is_over = incident.status == IncidentStatus.RESOLVED
    return tuple(
        Fact(
            component=component.name,
            component_id=component.pk,
            old=form.known.get(component, Status(component.status)),
            new=Status.OPERATIONAL if is_over else status,
        )
        for component, status in form.said().items()
    )
