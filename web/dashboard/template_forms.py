"""What an operator prepares for the worst hour."""

from datetime import datetime, timedelta
from typing import Any

from django import forms

from incidents.lifecycle import OPEN, IncidentStatus
from incidents.models import IncidentTemplate
from incidents.templating import fill, variables_of
from pages.models import Page
from web.dashboard.fields import Line, Text
from web.dashboard.incident_forms import BODY_LIMIT, NAME_LIMIT

Use = IncidentTemplate.Use
_HELP = "Variables: {components}, {page}, {time}, {date}, {title}, {status}."
_HELP_OF_MAINTENANCE = "Variables: {components}, {page}, {starts}, {ends}, {time}, {date}."


class TemplateForm(forms.Form):
    """The fields that a template of `use` has."""

    name = Line(limit=NAME_LIMIT, label="Name", help_text="What stands on its button.")
    title = Line(limit=NAME_LIMIT, label="Title of the incident")
    body = Text(limit=BODY_LIMIT, label="Text", widget=forms.Textarea({"rows": 5}))
    should_send_notifications = forms.BooleanField(
        label="Notify, unless somebody says otherwise", required=False, initial=True
    )

    def __init__(self, *args: Any, use: str, page: Page, **options: Any) -> None:
        super().__init__(*args, **options)
        self.use = Use(use)
        is_maintenance = self.use is Use.MAINTENANCE
        self.fields["body"].help_text = _HELP_OF_MAINTENANCE if is_maintenance else _HELP
        if self.use is Use.UPDATE:
            del self.fields["title"]
        if not is_maintenance:
            self.fields["update_status"] = forms.TypedChoiceField(
                label="Stage",
                choices=_stages(self.use),
                coerce=IncidentStatus,
                empty_value=None,
                required=self.use is Use.OPENING,
            )
        self.fields["components"] = forms.ModelMultipleChoiceField(
            page.components.as_on_page(),
            label="Systems",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def changes(self) -> dict[str, Any]:
        """What the verbs take; an update keeps the title of its incident."""
        values = {"title": "{title}", **self.cleaned_data}
        if self.use is Use.MAINTENANCE:
            values["update_status"] = IncidentStatus.SCHEDULED
        return values


def example(form: TemplateForm, page: Page, at: datetime) -> tuple[str, str]:
    """Title and text with the variables filled as if it were applied now."""
    values = _values(form)
    names = [component.name for component in values.get("components") or ()]
    is_maintenance = form.use is Use.MAINTENANCE
    status = values.get("update_status")
    variables = variables_of(
        page=page.name,
        zone=page.timezone,
        at=at,
        components=names,
        title="Declined card payments",
        status=IncidentStatus(status).label if status else "",
        starts=at + timedelta(days=1) if is_maintenance else None,
        ends=at + timedelta(days=1, hours=2) if is_maintenance else None,
    )
    title = values.get("title") or ""
    return fill(title, variables), fill(values.get("body") or "", variables)


def _values(form: TemplateForm) -> dict[str, Any]:
    if not form.is_bound:
        return {name: form[name].initial for name in form.fields}
    form.is_valid()
    return form.cleaned_data


def _stages(use: Use) -> list[tuple[str, str]]:
    stages = [status for status in IncidentStatus if status in OPEN]
    if use is Use.OPENING:
        return [(status.value, status.label) for status in stages]
    stages.append(IncidentStatus.RESOLVED)
    return [("", "As it is"), *((status.value, status.label) for status in stages)]
