"""What an operator may say of an incident."""

from collections.abc import Sequence
from typing import Any

from django import forms

from incidents.lifecycle import OPEN, IncidentStatus
from pages.models import Component
from pages.status import Status
from web.dashboard.fields import Line, StatusChoice, Text

NAME_LIMIT = 255
BODY_LIMIT = 25_000


def stages(*, with_resolved: bool) -> list[tuple[str, str]]:
    last = [IncidentStatus.RESOLVED] if with_resolved else []
    chosen = [*(status for status in IncidentStatus if status in OPEN), *last]
    return [(status.value, status.label) for status in chosen]


def body_field() -> Text:
    return Text(
        limit=BODY_LIMIT,
        label="What people should know",
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )


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

    def statuses(self) -> dict[Component, Status]:
        """What is new: components named for the first time or with another status."""
        said = {
            one: status
            for name, one in self.components.items()
            if (status := self.cleaned_data.get(name))
        }
        return {one: status for one, status in said.items() if self.known.get(one) is not status}


class NewIncidentForm(SystemsForm):
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
    body = body_field()


class UpdateForm(SystemsForm):
    status = forms.TypedChoiceField(
        label="Stage",
        choices=stages(with_resolved=True),
        coerce=IncidentStatus,
        widget=forms.RadioSelect,
    )
    body = body_field()
