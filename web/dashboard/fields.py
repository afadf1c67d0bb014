"""Form fields that let nothing in that cannot be stored and shown."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

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


def refuse(form: forms.Form, refusal: Invalid) -> None:
    """Puts what an action refused at the field it names, else above the form."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, str(refusal))
