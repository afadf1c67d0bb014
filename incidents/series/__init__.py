"""Maintenances that recur: rules, when they take place, and how people say it. Pure."""

from incidents.series.dates import check_duration, occurrences, planned
from incidents.series.rules import checked_rule
from incidents.series.wording import sentence, words

__all__ = [
    "check_duration",
    "checked_rule",
    "occurrences",
    "planned",
    "sentence",
    "words",
]
