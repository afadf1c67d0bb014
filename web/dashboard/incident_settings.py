"""What can be set for an incident beside its updates; and deleting it."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from incidents.actions import Conflict, Invalid, delete_incident, update_incident
from incidents.lifecycle import Impact
from incidents.models import Incident
from web.dashboard import nudge_words
from web.dashboard.confirm import Question, ask
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import Line, Text, refuse
from web.dashboard.incident_forms import NAME_LIMIT
from web.dashboard.incidents import TAB
from web.dashboard.shell import done, failed, show_page
from web.input import read_json

METADATA_LIMIT = 20_000
INTERVALS_LIMIT = 100
FORM_REFUSED = 422


class Intervals(Line):
    """A list of numbers, or one for every so long."""

    def clean(self, value: object) -> Any:
        try:
            return nudge_words.read(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: object) -> object:
        return nudge_words.words(value) if isinstance(value, list | int) else value


class Metadata(Text):
    """An object as JSON text."""

    def clean(self, value: object) -> Any:
        text = super().clean(value)
        try:
            read = read_json(text.encode()) if text else {}
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if not isinstance(read, dict):
            raise ValidationError('Write an object, such as {"ticket": "OPS-1"}.')
        return read

    def prepare_value(self, value: object) -> object:
        return json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) else value


class IncidentSettingsForm(forms.Form):
    name = Line(limit=NAME_LIMIT, label="Title")
    impact_override = forms.TypedChoiceField(
        label="Impact",
        choices=[("", "As its systems say"), *((one.value, one.label) for one in Impact)],
        coerce=Impact,
        empty_value=None,
        required=False,
    )
    deliver_notifications = forms.BooleanField(
        label="Tell subscribers of its updates", required=False
    )
    reminder_intervals = Intervals(
        limit=INTERVALS_LIMIT,
        label="Remind us when nothing was said for",
        required=False,
        help_text="Such as 3, 6, 12, or every 2. Empty is never.",
    )
    reminder_unit = forms.ChoiceField(label="Counted in", choices=Incident.ReminderUnit.choices)
    metadata = Metadata(
        limit=METADATA_LIMIT,
        label="Metadata",
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="An object in JSON for your own programs. Visitors do not see it.",
    )

    @classmethod
    def of(cls, incident: Incident) -> "IncidentSettingsForm":
        return cls(initial={name: getattr(incident, name) for name in cls.base_fields})


@operators_only
@require_http_methods(["GET", "POST"])
def incident_settings(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    incident = _find(desk, incident_id, needs=Action.INCIDENT_UPDATE)
    is_post = request.method == "POST"
    form = IncidentSettingsForm(request.POST) if is_post else IncidentSettingsForm.of(incident)
    if is_post and form.is_valid():
        url = desk.url("incident", incident.pk)
        try:
            update_incident(incident=incident, actor=desk.actor, at=desk.at, **form.cleaned_data)
        except Conflict as conflict:
            return failed(request, str(conflict), desk.url("incidents"))
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, "Saved.", url)
    context = {"form": form, "incident": incident}
    status = FORM_REFUSED if form.errors else 200
    return show_page(desk, "incident_settings.html", context, tab=TAB, status=status)


@operators_only
@require_http_methods(["GET", "POST"])
def incident_delete(request: OperatorRequest, page_id: UUID, incident_id: UUID) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_DELETE)
    incident = _find(desk, incident_id, needs=Action.INCIDENT_DELETE)
    if request.method == "GET":
        question = Question(
            title="Delete this incident?",
            text=f"“{incident.name}” goes as if it had never been, with its updates and what it "
            "said of the systems. Mails that went out stay where they are.",
            verb="Delete",
            back=desk.url("incident", incident.pk),
            busy="Deleting...",
        )
        return ask(desk, question, tab=TAB)
    try:
        delete_incident(incident=incident, actor=desk.actor, at=desk.at)
    except Conflict as conflict:
        return failed(request, str(conflict), desk.url("incidents"))
    return done(request, "Deleted.", desk.url("incidents"))


def _find(desk: Desk, incident_id: UUID, *, needs: Action) -> Incident:
    incidents = desk.page.incidents.incidents().select_related("page__project")
    return desk.find(incidents, incident_id, needs=needs)
