"""Recurring maintenances: planned and changed.

Of a series' plans only the next occurrence is told, so that nobody is mailed sixty times;
each occurrence has its own reminders, start and end.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from zoneinfo import ZoneInfo

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from incidents import once
from incidents.actions.checks import NAME_LIMIT, check_body
from incidents.actions.maintenance import on_page, span_of
from incidents.actions.series_rows import (
    Date,
    call_off,
    date_of,
    is_untouched,
    make,
    remake,
    rows_by_date,
    starts_ahead,
)
from incidents.models import Incident, MaintenanceSeries
from incidents.schedule import FARTHEST, MaintenanceOptions
from incidents.series import check_duration, checked_rule, sentence
from incidents.walltime import format_local, local, parse_local
from pages.actions import Conflict, Invalid
from pages.actions.invalid import line, naming
from pages.models import Component, Page
from pages.versions import changing

OLDEST_START = timedelta(days=366)
MOST_EXCEPTIONS = 500


class SeriesChanges(TypedDict, total=False):
    """What `update_series` can set; what is left out stays."""

    name: str
    body: str
    rule: str
    first_start: datetime
    minutes: int
    components: Sequence[Component]
    options: MaintenanceOptions


def create_series(
    *,
    page: Page,
    name: str,
    body: str,
    rule: str,
    first_start: datetime,
    minutes: int,
    components: Sequence[Component],
    actor: Actor,
    at: datetime,
    options: MaintenanceOptions = MaintenanceOptions(),  # noqa: B008 (it is frozen)
    exceptions: Collection[str] = (),
    deliver: bool = True,
    key: str = "",
) -> MaintenanceSeries:
    """Plans a maintenance that recurs by `rule` (RFC 5545), and makes its next occurrences.

    `first_start` is a wall time in the page's zone, `exceptions` are starts that do not take
    place ("2026-11-29T02:00"). One notice tells of the first occurrence and names the rule.
    Raises Invalid naming the field, Refused, and once.Repeated, whose row is the first
    occurrence.
    """
    require(actor, Action.SERIES_CREATE, page.project, obj=page)
    name = line("name", name, limit=NAME_LIMIT)
    check_body(body)
    ids = sorted({component.pk for component in components})
    left_out = _checked(exceptions)
    said = once.fingerprint(
        "series", page.pk, name, body, rule, first_start, minutes, ids, left_out
    )
    request = once.changing_once(page.pk, actor=actor, key=key, said=said, at=at)
    with request as (locked, remember):
        _check_first_start(first_start, locked, at)
        series = MaintenanceSeries(
            page=locked,
            created_by=actor.user,
            name=name,
            body=body,
            rule=checked_rule(rule, ZoneInfo(locked.timezone)),
            first_start=format_local(first_start),
            minutes=minutes,
            exceptions=left_out,
            options=options.as_columns(),
            created_at=at,
            updated_at=at,
        )
        starts = _check_dates(series, locked, at)
        series.save(force_insert=True)
        series.components.set(on_page(locked, ids))
        dates = [Date(starts[0], _with_rule(series, locked), told=deliver)]
        dates += [Date(start, series.body) for start in starts[1:]]
        row = make(series, dates, page=locked, at=at)[0]
        remember(row)
        record(Action.SERIES_CREATE, series, actor, at)
    return series


def update_series(
    *,
    series: MaintenanceSeries,
    actor: Actor,
    at: datetime,
    seen: datetime | None = None,
    deliver: bool = True,
    **changes: Unpack[SeriesChanges],
) -> MaintenanceSeries:
    """Changes a series and its occurrences that wait; what people touched stays as it is.

    An occurrence on the same day keeps its row; others are cancelled or made. `seen` is the
    series' `updated_at` as the author knew it. Raises Conflict, Invalid, Refused.
    """
    require(actor, Action.SERIES_UPDATE, series.page.project, obj=series)
    with changing(series.page_id) as [page]:
        series = current(series, seen)
        old_body, old_words = series.body, _with_rule(series, page)
        _apply(series, page, changes, at)
        starts = _check_dates(series, page, at)
        series.updated_at = max(at, series.updated_at)
        series.save()
        words = _with_rule(series, page)
        _rewrite(
            series,
            starts,
            page=page,
            at=at,
            first_body=words if words != old_words else "",
            other_body=series.body if series.body != old_body else "",
            deliver=deliver,
        )
        record(Action.SERIES_UPDATE, series, actor, at, changed=sorted(changes))
    return series


def current(series: MaintenanceSeries, seen: datetime | None) -> MaintenanceSeries:
    fresh = MaintenanceSeries.objects.select_related("page__project").filter(pk=series.pk).first()
    if fresh is None or fresh.ended_at is not None:
        raise Conflict("series", "Somebody has ended this series meanwhile.")
    if seen is not None and seen != fresh.updated_at:
        raise Conflict("series", "Somebody has changed this series meanwhile.")
    return fresh


def record(
    action: Action, series: MaintenanceSeries, actor: Actor, at: datetime, **detail: object
) -> None:
    audit.record(
        actor=actor,
        action=action,
        obj=series,
        project=series.page.project,
        at=at,
        detail={"name": series.name, "rule": series.rule, **detail},
    )


def _apply(series: MaintenanceSeries, page: Page, changes: SeriesChanges, at: datetime) -> None:
    if "name" in changes:
        series.name = line("name", changes["name"], limit=NAME_LIMIT)
    if "body" in changes:
        check_body(changes["body"])
        series.body = changes["body"]
    if "rule" in changes:
        series.rule = checked_rule(changes["rule"], ZoneInfo(page.timezone))
    if "first_start" in changes and format_local(changes["first_start"]) != series.first_start:
        _check_first_start(changes["first_start"], page, at)
        series.first_start = format_local(changes["first_start"])
        time = series.first_start[len(date_of(series.first_start)) :]
        series.exceptions = [f"{date_of(each)}{time}" for each in series.exceptions]
    series.minutes = changes.get("minutes", series.minutes)
    if "options" in changes:
        series.options = changes["options"].as_columns()
    if "components" in changes:
        ids = sorted({component.pk for component in changes["components"]})
        series.components.set(on_page(page, ids))


def _rewrite(
    series: MaintenanceSeries,
    starts: Sequence[datetime],
    *,
    page: Page,
    at: datetime,
    first_body: str,
    other_body: str,
    deliver: bool,
) -> None:
    """Brings the rows in line with `starts`; the first of them is told.

    The bodies are what is said anew of rows that there are: nothing where empty.
    """
    rows = rows_by_date(series, since=starts[0])
    new: list[Date] = []
    kept: dict[Incident, Date] = {}
    for number, start in enumerate(starts):
        row = rows.pop(date_of(format_local(start)), None)
        first = number == 0
        told = deliver and first
        if row is None:
            new.append(Date(start, _with_rule(series, page) if first else series.body, told))
        elif is_untouched(row):
            kept[row] = Date(start, first_body if first else other_body, told)
        else:
            row.occurrence = format_local(start)
            row.save(update_fields=["occurrence"])
    gone = [row for row in rows.values() if is_untouched(row) and span_of(row)[0] > at]
    for row in gone:
        # Its day may come back by another change: then as another row.
        row.series, row.occurrence = None, ""
    call_off(gone, page=page, at=at, body="")
    remake(series, kept, page=page, at=at)
    make(series, new, page=page, at=at)


def _checked(exceptions: Collection[str]) -> list[str]:
    if len(exceptions) > MOST_EXCEPTIONS:
        raise Invalid("exceptions", f"At most {MOST_EXCEPTIONS} can be left out.")
    with naming("exceptions"):
        return sorted({format_local(parse_local(each)) for each in exceptions})


def _check_first_start(first_start: datetime, page: Page, at: datetime) -> None:
    today = local(at, ZoneInfo(page.timezone))
    if not today - OLDEST_START <= first_start <= today + FARTHEST:
        raise Invalid("first_start", "It must begin within two years.")


def _check_dates(series: MaintenanceSeries, page: Page, at: datetime) -> list[datetime]:
    """The starts ahead. Raises Invalid when there are none, or one runs into the next."""
    zone = ZoneInfo(page.timezone)
    check_duration(series.rule, parse_local(series.first_start), series.minutes, zone)
    starts = starts_ahead(series, page, at)
    if not starts:
        raise Invalid("rule", "By this rule it does not take place any more.")
    return starts


def _with_rule(series: MaintenanceSeries, page: Page) -> str:
    first = parse_local(series.first_start)
    rule = sentence(series.rule, first, series.minutes, page.timezone)
    return "\n\n".join(filter(None, [series.body, f"It takes place {rule}."]))
