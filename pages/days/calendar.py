"""Dates in a page's zone. Pure: no query, no clock, no settings."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def dates_between(first: date, last: date) -> list[date]:
    """All dates from `first` to `last`, both included."""
    return [first + ONE_DAY * n for n in range((last - first).days + 1)]
