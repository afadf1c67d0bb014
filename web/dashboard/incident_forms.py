"""What an operator may say of an incident."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from incidents.lifecycle import OPEN, IncidentStatus
from pages.models import Component
from pages.status import Status
from web.dashboard.fields import Line, StatusChoice, Text, WallTime
from web.dashboard.promise import OTHER, PromiseChoice

NAME_LIMIT = 255
BODY_LIMIT = 25_000


def stages(*, with_resolved: bool) -> list[tuple[str, str]]:
    last = [IncidentStatus.RESOLVED] if with_resolved else []
    chosen = [*(status for status in IncidentStatus if status in OPEN), *last]
    return [(status.value, status.label) for status in chosen]


def body_field(label: str = "What people should know") -> Text:
    return Text(limit=BODY_LIMIT, label=label, required=False, widget=forms.Textarea({"rows": 4}))


class SystemsForm(forms.Form):
    """One field for each of the page's components, so that no other can be named.

    `known` is what the incident says of them now: those must keep a status.
    """

    def __init__(
        self,
        *args: Any,
        components: Sequence[Component],
        known: dict[Component, Status] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.known = known or {}
        self.components = {f"system-{component.pk}": component for component in components}
        for name, component in self.components.items():
            said = self.known.get(component)
            self.fields[name] = StatusChoice(
                label=component.name, empty="" if said else "Not affected", initial=said
            )

    def affected_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, one in self.components.items() if one in self.known]

    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name, one in self.components.items() if one not in self.known]

    def said(self) -> dict[Component, Status]:
        """Every component the form speaks of, with its status, as typed or to begin with."""
        values = self.cleaned_data if self.is_bound else self.beginning()
        return {
            one: status for name, one in self.components.items() if (status := values.get(name))
        }

    def beginning(self) -> dict[str, Any]:
        return {name: self[name].initial for name in self.fields}

    def statuses(self) -> dict[Component, Status]:
        """What is new: components named for the first time or with another status."""
        said = self.said()
        return {one: status for one, status in said.items() if self.known.get(one) is not status}


class ComposeForm(SystemsForm):
    """A stage, a text, systems, a promise, and whether anybody is told."""

    body = body_field()
    notify = forms.BooleanField(label="Notify", required=False, initial=True)

    def __init__(self, *args: Any, at: datetime, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        promise = PromiseChoice(at=at, zone=zone)
        promise.offer(self.data.get("next_update_by") or self.initial.get("next_update_by"))
        self.fields["next_update_by"] = promise
        self.fields["next_update_at"] = WallTime(
            zone=zone, label="Which time", required=False, help_text=f"In {zone.key}."
        )

    def clean(self) -> dict[str, Any]:
        """`next_update_by` becomes the promised instant, wherever it was said."""
        values = self.cleaned_data
        if values.get("next_update_by") == OTHER:
            values["next_update_by"] = values.get("next_update_at")
            if not values["next_update_by"] and "next_update_at" not in self.errors:
                self.add_error("next_update_at", "Say when the next update comes.")
        return values


class NewIncidentForm(ComposeForm):
    name = Line(
        limit=NAME_LIMIT,
        label="Title",
        help_text="What people see, such as Card payments are declined.",
    )
    status = forms.TypedChoiceField(
        label="Stage",
        choices=stages(with_resolved=False),
        coerce=IncidentStatus,
        initial=IncidentStatus.INVESTIGATING,
        widget=forms.RadioSelect,
    )


class UpdateForm(ComposeForm):
    """`display_at` None is now. On an incident that is over it `reopens` the story."""

    def __init__(self, *args: Any, zone: ZoneInfo, reopens: bool = False, **options: Any) -> None:
        super().__init__(*args, zone=zone, **options)
        self.reopens = reopens
        self.fields["status"] = forms.TypedChoiceField(
            label="Stage",
            choices=stages(with_resolved=not reopens),
            coerce=IncidentStatus,
            widget=forms.RadioSelect,
        )
        self.fields["display_at"] = WallTime(
            zone=zone,
            label="Shown at",
            required=False,
            help_text=f"Empty is now. A time ahead waits until then. {zone.key}.",
        )
