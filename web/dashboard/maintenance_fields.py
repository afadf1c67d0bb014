"""Form fields for days, times of day, and reminders before a start."""

import re
from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from web.dashboard import maintenance_reminders
from web.dashboard.fields import Line

REMINDERS_LIMIT = 200
DAYS_LIMIT = 1200
# So that every wall time is an instant in every zone.
_YEARS = range(1970, 9000)


class Day(forms.DateField):
    """A date, in the browser's own picker."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **options)
        self.error_messages["invalid"] = "Use a day such as 2026-11-29."

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day and day.year not in _YEARS:
            raise ValidationError(self.error_messages["invalid"])
        return day


class Clock(forms.TimeField):
    """A time of day to the minute, by the clocks of the page's zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TimeInput({"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, input_formats=["%H:%M", "%H:%M:%S"], **options)
        self.error_messages["invalid"] = "Use a time such as 02:00."

    def to_python(self, value: Any) -> time | None:
        found = super().to_python(value)
        return found and found.replace(second=0, microsecond=0)


class Reminders(Line):
    """Lengths of time before the start, in words; the value is a tuple of minutes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(limit=REMINDERS_LIMIT, required=False, **options)

    def clean(self, value: object) -> Any:
        try:
            return maintenance_reminders.read(super().clean(value))
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: object) -> object:
        return maintenance_reminders.words(value) if isinstance(value, list | tuple) else value


class Days(Line):
    """Dates with commas between; the value is a tuple of them, in order, each once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(limit=DAYS_LIMIT, required=False, **options)

    def clean(self, value: object) -> Any:
        day = Day()
        parts = [part for part in re.split(r"[,;\s]+", super().clean(value)) if part]
        return tuple(sorted({day.clean(part) for part in parts}))

    def prepare_value(self, value: object) -> object:
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
