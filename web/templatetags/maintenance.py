"""Spans of time in the dashboard's templates, by the clocks of the zone that is active."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django import template
from django.utils.timezone import localtime, now

from web.dashboard.words import length

register = template.Library()

_DAY = timedelta(days=1)
_DASH = "\N{EN DASH}"


@register.filter
def until(moment: datetime) -> str:
    """How long it is until `moment`: 50 min; 1 day 11 h; 7 days."""
    span = moment - now()
    hours = span % _DAY // timedelta(hours=1)
    with_hours = hours and _DAY <= span < 3 * _DAY
    return f"{length(span)} {hours} h" if with_hours else length(span)


@register.filter
def clocks(start: datetime, end: datetime) -> str:
    """From 02:00 to 04:00 with a dash between; with the last day where it is another one."""
    first, last = localtime(start), localtime(end)
    if first.date() == last.date():
        return f"{first:%H:%M}{_DASH}{last:%H:%M}"
    return f"{first:%H:%M} {_DASH} {last:%a} {last.day} {last:%b}, {last:%H:%M}"


@register.filter
def moments(times: Sequence[datetime]) -> str:
    """Such as "28 Nov, 02:00 and 28 Nov, 23:00"."""
    said = [f"{at.day} {at:%b}, {at:%H:%M}" for at in map(localtime, times)]
    return " and ".join(filter(None, ["; ".join(said[:-1]), *said[-1:]]))
