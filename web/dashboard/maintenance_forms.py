"""What an operator may say of a maintenance."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from incidents.lifecycle import RUNNING, IncidentStatus
from incidents.models import Incident
from incidents.schedule import MaintenanceOptions
from pages.actions import Invalid
from pages.models import Component
from web.dashboard.fields import Line
from web.dashboard.incident_forms import NAME_LIMIT, ComposeForm
from web.dashboard.maintenance_clock import WallSpan
from web.dashboard.maintenance_fields import Clock, Day, Reminders
from web.dashboard.maintenance_sending import SendingForm

# What the verbs call it, and the field in which people say it.
_FIELD_OF = {
    "scheduled_for": "starts",
    "scheduled_until": "ends",
    "first_start": "starts",
    "minutes": "ends",
    "rule": "often",
    "components": "systems",
}
_SWITCHES = frozenset(
    name for name, value in MaintenanceOptions().as_columns().items() if isinstance(value, bool)
) - {"scheduled_remind_prior"}


class SpanForm(forms.Form):
    """From when until when, by the clocks of `zone`; `span` once it is valid.

    `told` is the span of which a preview has told what the clocks make of it.
    """

    day = Day(label="Day")
    starts = Clock(label="Starts")
    ends = Clock(label="Ends")
    last_day = Day(label="Ends on another day", required=False)
    told = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.span = None if self.is_bound else _span_of(self.initial, zone)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        self.span = _span_of(values, self.zone)
        if self.span and self.span.end <= self.span.start:
            self.span = None
            self.add_error("ends", ValidationError(_backwards(values["last_day"])))
        return values

    def remarks(self) -> list[str]:
        """What the clocks make of the span."""
        return self.span.remarks() if self.span else []

    def untold(self) -> list[str]:
        """The remarks that the operator has not read yet, of a valid form."""
        if self.span is None or self.cleaned_data["told"] == told(self.span):
            return []
        return self.remarks()


class PlanForm(forms.Form):
    """What it is called, to which systems it is done, and what happens by itself."""

    name = Line(
        limit=NAME_LIMIT,
        label="Title",
        help_text="What people see, such as Database upgrade.",
    )
    remind_before = Reminders(
        label="Reminders",
        help_text="Before the start, such as 1 day, 3 hours. Empty: none.",
    )
    scheduled_auto_in_progress = forms.BooleanField(required=False, label="It begins on time")
    auto_transition_to_maintenance_state = forms.BooleanField(
        required=False, label="Its systems say “Under maintenance” while it runs"
    )
    auto_transition_deliver_notifications_at_start = forms.BooleanField(
        required=False, label="People are told when it begins"
    )
    scheduled_auto_completed = forms.BooleanField(required=False, label="It ends on time")
    auto_transition_to_operational_state = forms.BooleanField(
        required=False,
        label="Its systems are released when it ends",
        help_text="Otherwise they stay under maintenance until you set them.",
    )
    auto_transition_deliver_notifications_at_end = forms.BooleanField(
        required=False, label="People are told when it ends"
    )

    def __init__(self, *args: Any, components: Sequence[Component], **options: Any) -> None:
        super().__init__(*args, **options)
        self.components = {str(component.pk): component for component in components}
        self.fields["systems"] = forms.MultipleChoiceField(
            label="Systems",
            required=False,
            choices=[(key, one.name) for key, one in self.components.items()],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "One of the systems is not on this page any more."},
        )

    def chosen(self) -> list[Component]:
        """The components it is about, as far as that is valid."""
        values = self.cleaned_data if self.is_bound else self.initial
        return [self.components[key] for key in values.get("systems") or []]

    def by_itself(self) -> list[forms.BoundField]:
        """The switches of what happens without anybody."""
        return [self[name] for name in PlanForm.declared_fields if name in _SWITCHES]

    def options(self) -> MaintenanceOptions:
        """Raises Invalid when there are too many reminders, or one is too early."""
        reminders = self.cleaned_data["remind_before"]
        switches = {field.name: self.cleaned_data[field.name] for field in self.by_itself()}
        return MaintenanceOptions(
            remind_before=reminders or MaintenanceOptions().remind_before,
            scheduled_remind_prior=bool(reminders),
            **switches,
        )


class WorkForm(SendingForm, SpanForm, PlanForm):
    """A plan, when it takes place, and what people are told of it."""


class RescheduleForm(SendingForm, SpanForm):
    """Another time, and what people should know; of a running one only the end moves."""

    def __init__(self, *args: Any, runs: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].disabled = self.fields["starts"].disabled = runs


class MaintenanceUpdateForm(SendingForm, ComposeForm):
    """News of a running maintenance."""

    status = forms.TypedChoiceField(
        label="Stage",
        choices=[
            (status.value, status.label)
            for status in IncidentStatus
            if status in RUNNING or status is IncidentStatus.COMPLETED
        ],
        coerce=IncidentStatus,
        widget=forms.RadioSelect,
    )


def told(span: WallSpan) -> str:
    """The mark of a span of which the operator has read everything."""
    return f"{span.start:%Y-%m-%dT%H:%M}/{span.end:%Y-%m-%dT%H:%M}"


def span_values(span: WallSpan) -> dict[str, object]:
    """The span as the form shows it."""
    last_day: date | None = span.end.date()
    return {
        "day": span.start.date(),
        "starts": span.start.time(),
        "ends": span.end.time(),
        "last_day": None if last_day == span.start.date() else last_day,
    }


def proposed_span(at: datetime, zone: ZoneInfo) -> WallSpan:
    """What an empty form begins with: two hours at night, soon, after a day's notice."""
    day = at.astimezone(zone).date() + timedelta(days=2)
    start = datetime.combine(day, datetime.min.time()) + timedelta(hours=2)
    return WallSpan(start, start + timedelta(hours=2), zone)


def options_values(options: MaintenanceOptions) -> dict[str, object]:
    """The options as the form shows them."""
    columns = options.as_columns()
    reminds = columns.pop("scheduled_remind_prior")
    return columns | ({} if reminds else {"remind_before": []})


def refuse_work(form: forms.Form, refusal: Invalid) -> None:
    """Puts what a verb refused at the field in which people said it."""
    if refusal.field == "key":
        form.add_error(None, "Something else was posted with this form already. Post again.")
        return
    field = _FIELD_OF.get(refusal.field, refusal.field)
    form.add_error(field if field in form.fields else None, refusal.message)


def span_of(maintenance: Incident, zone: ZoneInfo) -> WallSpan:
    """Raises ValueError for an incident."""
    if maintenance.scheduled_for is None or maintenance.scheduled_until is None:
        raise ValueError(f"incident {maintenance.pk} is no maintenance")
    return WallSpan.of(maintenance.scheduled_for, maintenance.scheduled_until, zone)


def _span_of(values: Mapping[str, Any], zone: ZoneInfo) -> WallSpan | None:
    """The span that the fields name; None while one of them is missing."""
    day, starts, ends = (values.get(name) for name in ("day", "starts", "ends"))
    if not day or starts is None or ends is None or "last_day" not in values:
        return None
    last_day = values["last_day"] or day
    return WallSpan(datetime.combine(day, starts), datetime.combine(last_day, ends), zone)


def _backwards(last_day: date | None) -> str:
    if last_day:
        return "It must end after it starts."
    return "It must end after it starts. Name the day below if it ends on another one."
