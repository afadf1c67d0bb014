"""Form fields that let nothing in that cannot be stored and shown."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from incidents.walltime import format_local, instant, local, parse_local
from pages.actions import Invalid
from pages.status import Status
from web.input import clean_line, clean_text


class Line(forms.CharField):
    """One line of text of at most `limit` characters."""

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.limit = limit

    def to_python(self, value: object) -> str:
        try:
            return clean_line(super().to_python(value) or "", limit=self.limit)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Text(forms.CharField):
    """Text with line breaks of at most `limit` characters."""

    widget = forms.Textarea

    def __init__(self, *, limit: int, **options: Any) -> None:
        super().__init__(strip=False, **options)
        self.limit = limit

    def to_python(self, value: object) -> str:
        try:
            return clean_text(super().to_python(value) or "", limit=self.limit)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class StatusChoice(forms.TypedChoiceField):
    """A component status; `empty`, when given, is the words for "says nothing"."""

    def __init__(self, *, empty: str = "", **options: Any) -> None:
        choices = [(status.value, status.label) for status in Status]
        super().__init__(
            choices=[("", empty), *choices] if empty else choices,
            coerce=Status,
            empty_value=None,
            required=not empty,
            **options,
        )


class WallTime(forms.CharField):
    """An instant in UTC, None when left empty; people read and write clocks of the page's zone."""

    def __init__(self, *, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(widget=forms.DateTimeInput({"type": "datetime-local"}), **options)
        self.zone = zone

    def to_python(self, value: object) -> datetime | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            return instant(parse_local(text), self.zone)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: object) -> object:
        return format_local(local(value, self.zone)) if isinstance(value, datetime) else value


def refuse(form: forms.Form, refusal: Invalid) -> None:
    """Puts what an action refused at the field it names, else above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))
