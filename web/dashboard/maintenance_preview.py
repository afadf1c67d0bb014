"""What a maintenance will say, when, and to whom, before it is posted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from incidents.models import Incident, MaintenanceSeries
from incidents.walltime import local
from subscribers.markdown import to_html
from web.dashboard.audience import Audience, audience_for
from web.dashboard.desk import Desk
from web.dashboard.maintenance_clock import Occurrence, WallSpan
from web.dashboard.maintenance_detail import audience_of
from web.dashboard.maintenance_forms import MaintenanceUpdateForm, RescheduleForm, SpanForm, told
from web.dashboard.maintenance_overlaps import Overlap, overlaps
from web.dashboard.maintenance_rows import concerned
from web.dashboard.preview import SWITCHED_OFF, Preview
from web.dashboard.series_forms import RepeatingForm


@dataclass(frozen=True, slots=True)
class Plan:
    """`remarks` is what clocks make of the span, `told` the mark that they were read.

    `reminders` are instants; `dates` the next occurrences of what repeats, `said` how often.
    """

    span: WallSpan | None
    remarks: list[str]
    told: str
    reminders: list[datetime]
    overlaps: list[Overlap]
    said: str = ""
    dates: list[Occurrence] = field(default_factory=list)


def plan_of(desk: Desk, form: RepeatingForm, *, besides: MaintenanceSeries | None = None) -> Plan:
    """What the form plans; a field that is wrong counts as empty."""
    values = values_of(form)
    dates = form.next_dates(local(desk.at, form.zone))
    first = dates[0] if dates else form.span
    reminders = values.get("remind_before") or ()
    spans = [(date.starts_at, date.ends_at) for date in dates] or _instants(form.span)
    ids = [component.pk for component in form.chosen()]
    return Plan(
        span=form.span,
        remarks=form.remarks(),
        told=told(form.span) if form.span else "",
        reminders=_before(first.starts_at, reminders, desk.at) if first else [],
        overlaps=overlaps(desk.page, spans, ids, at=desk.at, besides=besides),
        said=form.said(),
        dates=dates,
    )


def plan_of_move(desk: Desk, maintenance: Incident, form: RescheduleForm) -> Plan:
    """What moving a maintenance makes of it."""
    values_of(form)
    span = form.span
    reminders = maintenance.remind_before if maintenance.scheduled_remind_prior else ()
    ids = concerned(maintenance) or ()
    return Plan(
        span=span,
        remarks=form.remarks(),
        told=told(span) if span else "",
        reminders=_before(span.starts_at, reminders, desk.at) if span else [],
        overlaps=overlaps(desk.page, _instants(span), ids, at=desk.at, besides=maintenance),
    )


def preview_of_work(desk: Desk, form: RepeatingForm, *, verb: str) -> Preview:
    ids = [component.pk for component in form.chosen()]
    return _preview(
        form,
        verb=verb,
        title=str(values_of(form).get("name") or ""),
        stage="scheduled",
        audience=audience_for(desk.page, ids or None, silence=_silence(form)),
    )


def preview_of_news(
    desk: Desk,
    maintenance: Incident,
    form: SpanForm | MaintenanceUpdateForm,
    *,
    verb: str = "Post update",
) -> Preview:
    """What an update of a maintenance, its moving included, will say."""
    return _preview(
        form,
        verb=verb,
        title=maintenance.name,
        stage=str(values_of(form).get("status") or maintenance.status),
        audience=audience_of(desk, maintenance, silence=_silence(form)),
    )


def _preview(
    form: SpanForm | MaintenanceUpdateForm,
    *,
    verb: str,
    title: str,
    stage: str,
    audience: Audience,
) -> Preview:
    values = values_of(form)
    promise = values.get("next_update_by")
    return Preview(
        verb=verb,
        title=title,
        stage=stage,
        html=to_html(str(values.get("body") or "")),
        audience=audience,
        notify=bool(values.get("notify")),
        promise=promise if isinstance(promise, datetime) else None,
    )


def values_of(form: SpanForm | MaintenanceUpdateForm) -> dict[str, Any]:
    """What was typed, without what is wrong, or what the form begins with."""
    if form.is_bound:
        form.is_valid()
        return form.cleaned_data
    return {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}


def _silence(form: SpanForm | MaintenanceUpdateForm) -> str:
    return "" if values_of(form).get("notify") else SWITCHED_OFF


def _instants(span: WallSpan | None) -> Sequence[tuple[datetime, datetime]]:
    return [(span.starts_at, span.ends_at)] if span else []


def _before(start: datetime, reminders: Iterable[int], at: datetime) -> list[datetime]:
    """When reminders go out; what lies in the past is not sent."""
    times = sorted(start - timedelta(minutes=minutes) for minutes in reminders)
    return [time for time in times if time > at]
