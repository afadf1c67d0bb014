"""All that a published percentage follows from, so that anybody can follow it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BigIntegerField, Func, Q

from pages.days import History, ninety_days
from pages.models import Component, ObservationGap, Page, Reclassification, StatusInterval
from pages.uptime import Weights, cut, day_bounds, ratio, total

PLACES = 3


class Day(NamedTuple):
    """The instants between which it is `date` in the page's zone; today ends at the reading."""

    date: date
    start: datetime
    end: datetime


class Seen(NamedTuple):
    """`status` as claims and checks made it, whatever was said of it afterwards."""

    start: datetime
    end: datetime
    status: str
    held: bool


class Unseen(NamedTuple):
    start: datetime
    end: datetime
    reason: str


class Said(NamedTuple):
    start: datetime
    end: datetime
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class ComponentEvidence:
    """Of what was `said` the last one counts where several overlap.

    `uptime` is a percentage of three decimals, cut; None where nothing was observed.
    """

    id: UUID
    name: str
    uptime: Decimal | None
    seen: list[Seen]
    unseen: list[Unseen]
    said: list[Said]


@dataclass(frozen=True, slots=True)
class Evidence:
    """`uptime` is that of all components of the page, also where only one is listed."""

    page: Page
    zone: ZoneInfo
    read_at: datetime
    weights: Weights
    days: list[Day]
    uptime: Decimal | None
    components: list[ComponentEvidence]


_Row = TypeVar("_Row", Seen, Unseen, Said)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Micros(Func):
    """An instant as a whole number, which is read four times as fast as a timestamp."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


def intervals_of(
    page: Page, *, at: datetime, days: int = 90, component: Component | None = None
) -> Evidence:
    """What was seen and said in the last `days` (1 to 90) until `at`, cut to that time.

    The same ten queries whatever the number of components; read them in one transaction.
    """
    shown = ninety_days(page, at=at)
    zone = ZoneInfo(page.timezone)
    window = [Day(day, *day_bounds(day, zone)) for day in shown.dates[-days:]]
    window[-1] = window[-1]._replace(end=at)
    start = window[0].start
    listed = [component] if component else list(page.components.as_on_page())
    ids = [each.pk for each in listed]
    seen, unseen, said = _seen(ids, start, at), _unseen(ids, start, at), _said(ids, start, at)

    def uptime(history: History) -> Decimal | None:
        share = ratio(total(history.days[-days:]), shown.weights)
        return None if share is None else cut(share, PLACES)

    return Evidence(
        page=page,
        zone=zone,
        read_at=at,
        weights=shown.weights,
        days=window,
        uptime=uptime(shown.page),
        components=[
            ComponentEvidence(
                id=each.pk,
                name=each.name,
                uptime=uptime(shown.components[each.pk]),
                seen=seen[each.pk],
                unseen=unseen[each.pk],
                said=said[each.pk],
            )
            for each in listed
        ],
    )


def _seen(ids: Collection[UUID], start: datetime, end: datetime) -> dict[UUID, list[Seen]]:
    rows = StatusInterval.objects.filter(component__in=ids, span__overlap=(start, end))
    edges = rows.order_by("span").values_list(
        "component_id", _Micros("span__startswith"), _Micros("span__endswith"), "status", "held"
    )
    dated = (
        (component_id, _instant(since), _instant(until), status, held)
        for component_id, since, until, status, held in edges.iterator()
    )
    return _grouped(Seen, dated, start, end)


def _instant(micros: int | None) -> datetime | None:
    return None if micros is None else _EPOCH + timedelta(microseconds=micros)


def _unseen(ids: Collection[UUID], start: datetime, end: datetime) -> dict[UUID, list[Unseen]]:
    open_or_late = Q(until__isnull=True) | Q(until__gt=start)
    rows = ObservationGap.objects.filter(open_or_late, component__in=ids, since__lt=end)
    edges = rows.order_by("since").values_list("component_id", "since", "until", "reason")
    return _grouped(Unseen, edges, start, end)


def _said(ids: Collection[UUID], start: datetime, end: datetime) -> dict[UUID, list[Said]]:
    rows = Reclassification.objects.in_force().touching(start, end).filter(component__in=ids)
    edges = rows.values_list("component_id", "since", "until", "kind", "reason")
    return _grouped(Said, edges, start, end)


def _grouped(
    kind: type[_Row], rows: Iterable[tuple[Any, ...]], start: datetime, end: datetime
) -> dict[UUID, list[_Row]]:
    """Rows of (component id, since, until, ...) by component, cut to the time asked for."""
    found: dict[UUID, list[_Row]] = defaultdict(list)
    for component_id, since, until, *rest in rows:
        found[component_id].append(kind(max(since, start), min(until or end, end), *rest))
    return found
