"""What an operator may say afterwards of a component's past."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from incidents.walltime import local
from pages.actions.reclassify import REASON_LIMIT
from pages.reclassified import Kind
from web.dashboard.fields import Line, WallTime

KINDS = [
    (Kind.MAINTENANCE.value, "Maintenance: planned work, told too late"),
    (Kind.CHECKER_FAULT.value, "Checker fault: what was seen was not so"),
]


class ReclassifyForm(forms.Form):
    """`exact_since` and `exact_until` are instants that clocks show only to the minute.

    They count as long as nobody changes what the clocks show, so that an outage is covered to
    its last microsecond, and so that an hour which comes twice is the right one.
    """

    kind = forms.ChoiceField(label="What it was", choices=KINDS, widget=forms.RadioSelect)
    reason = Line(
        limit=REASON_LIMIT,
        label="Reason",
        help_text=f"One line of at most {REASON_LIMIT} characters. Visitors read it.",
    )
    exact_since = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    exact_until = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)

    def __init__(self, *args: Any, zone: ZoneInfo, **options: Any) -> None:
        super().__init__(*args, **options)
        self.zone = zone
        self.fields["since"] = WallTime(zone=zone, label="From")
        self.fields["until"] = WallTime(zone=zone, label="To", help_text=f"Times in {zone.key}.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in ("since", "until"):
            exact = read_instant(values.pop(f"exact_{name}", ""))
            if exact and name in values and _same_minute(values[name], exact, self.zone):
                values[name] = exact
        return values


def asked_span(query: Mapping[str, str]) -> dict[str, object]:
    """The initial values for the span that an address names; nothing where it names none."""
    since, until = read_instant(query.get("since", "")), read_instant(query.get("until", ""))
    if since is None or until is None:
        return {}
    return {
        "since": since,
        "until": until,
        "exact_since": since.isoformat(),
        "exact_until": until.isoformat(),
    }


def read_instant(text: str) -> datetime | None:
    """The instant that `text` names by RFC 3339; None where it names none."""
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _same_minute(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    first, second = local(one, zone), local(other, zone)
    return first == second.replace(second=0, microsecond=0)
