"""The history of components within a window, as it counts: what was seen, and what operators
said of it afterwards. Three queries for any number of components.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from pages.history import Span
from pages.models import ObservationGap, Reclassification, StatusInterval
from pages.reclassified import Kind, Word, overlay
from pages.status import Status
from pages.uptime import Gap


@dataclass(frozen=True, slots=True)
class Observed:
    """A component's intervals as they count, and its gaps, each in order."""

    intervals: list[Span] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def observed(
    component_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, Observed]:
    """What touches the time from `start` to `end`, by component."""
    found: dict[UUID, Observed] = defaultdict(Observed)
    intervals = StatusInterval.objects.filter(
        component__in=component_ids, span__overlap=(start, end)
    ).order_by("span")
    for component_id, status, held, span in intervals.values_list(
        "component_id", "status", "held", "span"
    ):
        found[component_id].intervals.append(Span(Status(status), held, span.lower, span.upper))
    gaps = ObservationGap.objects.filter(
        Q(until__isnull=True) | Q(until__gt=start), component__in=component_ids, since__lt=end
    ).order_by("since")
    for component_id, since, until in gaps.values_list("component_id", "since", "until"):
        found[component_id].gaps.append(Gap(since, until))
    for component_id, words in _words(component_ids, start, end).items():
        found[component_id].intervals[:] = overlay(found[component_id].intervals, words)
    return found


def _words(
    component_ids: Collection[UUID], start: datetime, end: datetime
) -> dict[UUID, list[Word]]:
    said = Reclassification.objects.in_force().touching(start, end)
    found: dict[UUID, list[Word]] = defaultdict(list)
    for component_id, kind, since, until in said.filter(component__in=component_ids).values_list(
        "component_id", "kind", "since", "until"
    ):
        found[component_id].append(Word(Kind(kind), since, until))
    return found
