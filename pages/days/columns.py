"""Where DayMetric keeps what DayTotals says. Pure: no query, no clock, no settings."""

from pages.uptime import DayTotals

COLUMNS = tuple(f"{state}_seconds" for state in DayTotals._fields)


def columns_of(totals: DayTotals) -> dict[str, int]:
    return dict(zip(COLUMNS, totals, strict=True))
