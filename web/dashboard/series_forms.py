"""How often a maintenance takes place, as an operator says it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from incidents.actions.series import SeriesChanges
from incidents.series import checked_rule, occurrences, rules, words
from incidents.series.dates import HORIZON
from incidents.walltime import format_local, parse_local
from pages.actions import Invalid
from web.dashboard.maintenance_clock import Occurrence
from web.dashboard.maintenance_fields import Day, Days
from web.dashboard.maintenance_forms import WorkForm, refuse_work
from web.dashboard.series_rule import MonthlyOn, Often, Repeats

SHOWN = 5
MOST_BETWEEN = 100
_OFTEN = [
    (Often.NEVER, "Once"),
    (Often.DAILY, "Every day"),
    (Often.WEEKLY, "Every week"),
    (Often.MONTHLY, "Every month"),
]
_MONTHLY_ON = [
    (MonthlyOn.DATE, "On the date of its day"),
    (MonthlyOn.NTH, "On the weekday of its day, counted from the first of the month"),
    (MonthlyOn.LAST, "On the last such weekday"),
]
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS = list(zip(rules.WEEKDAYS, _NAMES, strict=True))


def _often(choices: Sequence[tuple[Often, str]]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label="How often", choices=choices, coerce=Often, empty_value=Often.NEVER, required=False
    )


class RepeatingForm(WorkForm):
    """Work that takes place once or, by `rule`, again and again.

    `kept` is the rule that there is already; where no fields can say it, it can be kept.
    """

    often = _often(_OFTEN)
    interval = forms.IntegerField(
        label="Interval",
        min_value=1,
        max_value=MOST_BETWEEN,
        initial=1,
        required=False,
        help_text="2 is every other one.",
    )
    weekdays = forms.MultipleChoiceField(
        label="On",
        choices=_WEEKDAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen: the weekday of its day.",
    )
    monthly_on = forms.TypedChoiceField(
        label="Which day of the month",
        choices=_MONTHLY_ON,
        coerce=MonthlyOn,
        empty_value=MonthlyOn.DATE,
        required=False,
    )
    until = Day(label="Until", required=False, help_text="Empty: until you end it.")
    count = forms.IntegerField(
        label="Or so many times", min_value=1, max_value=rules.MOST_TIMES, required=False
    )
    exceptions = Days(label="Not on these days", help_text="Such as 2026-12-25, 2027-01-01.")

    def __init__(self, *args: Any, kept: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = kept
        self.rule = "" if self.is_bound else kept
        if self.initial.get("often") == Often.KEPT:
            first = datetime.combine(self.initial["day"], self.initial["starts"])
            label = words(kept, first).capitalize()
            self.fields["often"] = _often([(Often.KEPT, label), *_OFTEN[1:]])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("until") and values.get("count"):
            self.add_error("count", ValidationError("Use either an end or a number of times."))
        if values.get("often") and self.span and not self.errors:
            try:
                self.rule = checked_rule(self._rule(self.span.start.date()), self.zone)
            except Invalid as refusal:
                refuse_work(self, refusal)
        return values

    def left_out(self) -> list[str]:
        """The starts, in wall time, on days that are left out."""
        if not self.is_bound or self.span is None:
            return []
        days: Sequence[date] = self.cleaned_data.get("exceptions", ())
        return [format_local(datetime.combine(day, self.span.start.time())) for day in days]

    def next_dates(self, now: datetime) -> list[Occurrence]:
        """When it takes place next, seen from `now` in wall time; empty unless it repeats."""
        if not self.rule or self.span is None:
            return []
        starts = occurrences(
            self.rule,
            self.span.start,
            self.left_out(),
            after=now,
            until=now + HORIZON,
            limit=SHOWN,
        )
        return [Occurrence(start, self.span.minutes, self.zone) for start in starts]

    def remarks(self) -> list[str]:
        """An occurrence lasts as long as any other, so that its end moves with its start."""
        if self.rule and self.span:
            return Occurrence(self.span.start, self.span.minutes, self.zone).remarks()
        return super().remarks()

    def said(self) -> str:
        """The rule in words; empty unless it repeats."""
        return words(self.rule, self.span.start) if self.rule and self.span else ""

    def _rule(self, first: date) -> str:
        values = self.cleaned_data
        if values["often"] is Often.KEPT:
            return self.kept
        return Repeats(
            often=values["often"],
            interval=values["interval"] or 1,
            weekdays=tuple(values["weekdays"]),
            monthly_on=values["monthly_on"],
            until=values["until"],
            count=values["count"],
        ).rule(first)


class SeriesForm(RepeatingForm):
    """A series that there is; days are left out of it by skipping them."""

    def __init__(self, *args: Any, skipped: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.skipped = skipped
        del self.fields["exceptions"]
        self.fields["often"].required = True

    def left_out(self) -> list[str]:
        """Whatever time of day is chosen, what is skipped is skipped for its day."""
        if self.span is None:
            return []
        days = [parse_local(each).date() for each in self.skipped]
        return [format_local(datetime.combine(day, self.span.start.time())) for day in days]


def series_values(form: RepeatingForm) -> SeriesChanges:
    """What a valid form says of a series, as the verbs take it."""
    if form.span is None:
        raise ValueError("a valid form names a span")
    return {
        "name": form.cleaned_data["name"],
        "body": form.cleaned_data["body"],
        "rule": form.rule,
        "first_start": form.span.start,
        "minutes": form.span.minutes,
        "components": form.chosen(),
        "options": form.options(),
    }


def repeats_values(repeats: Repeats | None) -> dict[str, object]:
    """The rule as the form shows it; None is one it has no fields for."""
    if repeats is None:
        return {"often": Often.KEPT}
    return {
        "often": repeats.often,
        "interval": repeats.interval,
        "weekdays": list(repeats.weekdays),
        "monthly_on": repeats.monthly_on,
        "until": repeats.until,
        "count": repeats.count,
    }
