"""One question and one click: longer, now, over, off."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from incidents import actions
from incidents import maintenance_wording as wording
from incidents.actions import Conflict, Invalid, Repeated
from incidents.models import Incident
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, View, operators_only
from web.dashboard.maintenance_detail import audience_of, find_maintenance, show_maintenance
from web.dashboard.maintenance_forms import refuse_work
from web.dashboard.maintenance_sending import SendingForm, holding, sending, version
from web.dashboard.maintenance_step import Step, ask_step
from web.dashboard.seen import seen_in
from web.dashboard.shell import done

EXTENSION_MINUTES = 30
EXTEND = Step(
    needs=Action.MAINTENANCE_RESCHEDULE,
    title=f"Extend by {EXTENSION_MINUTES} min?",
    text=f"It ends {EXTENSION_MINUTES} minutes later, counted from now where it is late already.",
    verb="Extend",
    busy="Extending...",
    done=f"It ends {EXTENSION_MINUTES} minutes later.",
)
START = Step(
    needs=Action.INCIDENT_UPDATE,
    title="Start now?",
    text="It begins at once instead of at its time, and ends as planned.",
    verb="Start now",
    busy="Starting...",
    done="It runs.",
    silence=wording.BEGUN,
)
FINISH = Step(
    needs=Action.INCIDENT_UPDATE,
    title="Finish now?",
    text="It is complete from now on.",
    verb="Finish",
    busy="Finishing...",
    done="It is complete.",
    silence=wording.FINISHED_EARLY,
)
CANCEL = Step(
    needs=Action.MAINTENANCE_CANCEL,
    title="Cancel this maintenance?",
    text="It will not take place. It stays on the page as cancelled.",
    verb="Cancel maintenance",
    busy="Cancelling...",
    done="It is cancelled.",
    silence=wording.CANCELLED,
    destroys=True,
)


class Act(Protocol):
    def __call__(self, desk: Desk, maintenance: Incident, form: SendingForm) -> None: ...


def _extend(desk: Desk, maintenance: Incident, form: SendingForm) -> None:
    actions.extend(
        maintenance=maintenance,
        minutes=EXTENSION_MINUTES,
        actor=desk.actor,
        at=desk.at,
        seen=seen_in(desk.request),
        **sending(form),
    )


def _saying(verb: Callable[..., object], *, at_once: bool = False) -> Act:
    """A verb that takes a text."""

    def act(desk: Desk, maintenance: Incident, form: SendingForm) -> None:
        verb(
            maintenance=maintenance,
            body=form.cleaned_data["body"],
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(desk.request),
            **(sending(form) if at_once else holding(desk, form)),
        )

    return act


def _view(step: Step, act: Act) -> View[[UUID, UUID]]:
    def view(request: OperatorRequest, page_id: UUID, maintenance_id: UUID) -> HttpResponse:
        desk = open_desk(request, page_id, needs=step.needs)
        maintenance = find_maintenance(desk, maintenance_id, needs=step.needs)
        if request.method == "GET":
            form = SendingForm(initial={"seen": version(maintenance)})
            return _ask(desk, maintenance, step, form)
        return _do(desk, maintenance, step, act, SendingForm(request.POST))

    return operators_only(require_http_methods(["GET", "POST"])(view))


def _do(desk: Desk, maintenance: Incident, step: Step, act: Act, form: SendingForm) -> HttpResponse:
    if not form.is_valid():
        return _ask(desk, maintenance, step, form)
    try:
        act(desk, maintenance, form)
    except Repeated:
        pass
    except Conflict as refusal:
        fresh = find_maintenance(desk, maintenance.pk, needs=step.needs)
        return show_maintenance(desk, fresh, conflict=refusal.message)
    except Invalid as refusal:
        refuse_work(form, refusal)
        return _ask(desk, maintenance, step, form)
    return done(desk.request, step.done, desk.url("maintenance", maintenance.pk))


def _ask(desk: Desk, maintenance: Incident, step: Step, form: SendingForm) -> HttpResponse:
    end = maintenance.scheduled_until
    if step is FINISH and end and end <= desk.at:
        step = replace(step, silence=wording.FINISHED)
    return ask_step(
        desk,
        step,
        form,
        name=maintenance.name,
        maintenance=maintenance,
        audience=audience_of(desk, maintenance),
        back=desk.url("maintenance", maintenance.pk),
    )


maintenance_extend = _view(EXTEND, _extend)
maintenance_start = _view(START, _saying(actions.start_now, at_once=True))
maintenance_finish = _view(FINISH, _saying(actions.finish_early))
maintenance_cancel = _view(CANCEL, _saying(actions.cancel_maintenance))
