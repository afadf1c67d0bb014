"""Changing or deleting what was said."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, delete_update, edit_update
from incidents.models import IncidentUpdate
from subscribers.markdown import to_html
from subscribers.outbox import held_until
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.incident_forms import body_field
from web.dashboard.seen import seen_in, version_for
from web.dashboard.shell import done, failed, show_page
from web.dashboard.undo import find_update, story_url

STALE = 409
FORM_REFUSED = 422


class EditForm(forms.Form):
    body = body_field()


@operators_only
@require_http_methods(["GET", "POST"])
def update_edit(
    request: OperatorRequest, page_id: UUID, incident_id: UUID, update_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.UPDATE_EDIT)
    update = find_update(desk, incident_id, update_id, needs=Action.UPDATE_EDIT)
    form = EditForm(request.POST or None, initial={"body": update.body})
    if request.method == "GET" or not form.is_valid():
        return _show(desk, update, form, status=FORM_REFUSED if form.errors else 200)
    try:
        edit_update(
            update=update,
            body=form.cleaned_data["body"],
            actor=desk.actor,
            at=desk.at,
            seen=seen_in(request),
        )
    except Conflict:
        update = find_update(desk, incident_id, update_id, needs=Action.UPDATE_EDIT)
        return _show(desk, update, form, status=STALE)
    except Invalid as refusal:
        refuse(form, refusal)
        return _show(desk, update, form, status=FORM_REFUSED)
    return done(request, "Changed.", story_url(desk, update.incident))


@operators_only
@require_http_methods(["GET", "POST"])
def update_delete(
    request: OperatorRequest, page_id: UUID, incident_id: UUID, update_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.UPDATE_DELETE)
    update = find_update(desk, incident_id, update_id, needs=Action.UPDATE_DELETE)
    url = story_url(desk, update.incident)
    if request.method == "GET":
        question = Question(
            title="Delete this update?",
            text="The page forgets it, with what it said of the systems. Mails that went out "
            "stay where they are. Its text is kept in the audit log.",
            verb="Delete",
            back=url,
        )
        return ask(desk, question, tab="incidents")
    try:
        delete_update(update=update, actor=desk.actor, at=desk.at)
    except Conflict as conflict:
        return failed(request, str(conflict), url)
    return done(request, "Deleted.", url)


def _show(desk: Desk, update: IncidentUpdate, form: EditForm, *, status: int) -> HttpResponse:
    """With 409 somebody was quicker: both texts are shown, and saving again is a decision."""
    told = held_until([update.notification_id]) if update.notification_id else {}
    context = {
        "form": form,
        "update": update,
        "incident": update.incident,
        "seen": version_for(desk.request, update.updated_at, stale=status == STALE),
        "stale": status == STALE,
        "is_held": bool(told),
        "html": to_html(form["body"].value() or ""),
        "back": story_url(desk, update.incident),
    }
    return show_page(desk, "update_edit.html", context, tab="incidents", status=status)
