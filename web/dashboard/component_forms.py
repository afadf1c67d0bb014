"""What an operator may say of a component."""

from typing import Any

from django import forms

from pages.models import Component, Page
from web.dashboard.fields import Line, StatusChoice, Text

NAME_LIMIT = 255
SLUG_LIMIT = 100
DESCRIPTION_LIMIT = 2000
MOST_CHECKS = 100
PIN_HOURS = (1, 4, 24)


class ComponentForm(forms.Form):
    name = Line(limit=NAME_LIMIT, label="Name")
    slug = Line(
        limit=SLUG_LIMIT,
        label="Short name for addresses",
        required=False,
        help_text="a-z, 0-9 and -. Made from the name when left empty.",
    )
    description = Text(
        limit=DESCRIPTION_LIMIT,
        label="Description",
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    failure_threshold = forms.IntegerField(
        label="Checks in a row that must fail",
        min_value=1,
        max_value=MOST_CHECKS,
        initial=1,
        help_text="Before the status follows.",
    )
    recovery_threshold = forms.IntegerField(
        label="Checks in a row that must succeed",
        min_value=1,
        max_value=MOST_CHECKS,
        initial=1,
        help_text="Before it counts as recovered.",
    )

    def __init__(self, *args: Any, page: Page, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["group"] = forms.ModelChoiceField(
            page.groups.order_by("position", "name"),
            label="Group",
            required=False,
            empty_label="No group",
        )


class EditComponentForm(ComponentForm):
    slug = Line(limit=SLUG_LIMIT, label="Short name for addresses", help_text="a-z, 0-9 and -.")

    @staticmethod
    def values_of(component: Component) -> dict[str, object]:
        names = ("group", *ComponentForm.base_fields)
        return {name: getattr(component, name) for name in names}


class GroupForm(forms.Form):
    name = Line(limit=NAME_LIMIT, label="Name")


class StatusForm(forms.Form):
    """A status by hand; `pin_hours` is how long it outranks the checks (None: until changed)."""

    status = StatusChoice(label="Status")
    pin_hours = forms.TypedChoiceField(
        label="Holds",
        choices=[("", "until changed"), *((h, f"{h} hour{'s'[: h > 1]}") for h in PIN_HOURS)],
        coerce=int,
        empty_value=None,
        required=False,
    )
