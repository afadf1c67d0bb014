from datetime import UTC, date, datetime, timedelta

import pytest

from pages.uptime import DayTotals, Weights
from tests.web.page.facts import incident, maintenance
from web.page.facts import IncidentFacts
from web.page.history import MonthDays, MonthFacts, Tab, quiet, summary
from web.page.months import Month

AT = datetime(2025, 11, 21, 12, tzinfo=UTC)


def down(start: float, hours: float) -> IncidentFacts:
    began = AT - timedelta(hours=start)
    return incident(began=began, ended=began + timedelta(hours=hours))


DONE = maintenance(ended=AT)


@pytest.mark.parametrize(
    ("stories", "words"),
    [
        ([], "No incidents"),
        ([down(9, 1)], "1 incident, 1 h of trouble"),
        ([down(9, 1), down(4, 0.75)], "2 incidents, 1 h 45 min of trouble"),
        ([down(9, 4), down(8, 1), down(6, 2)], "3 incidents, 5 h of trouble"),
        ([incident(began=AT - timedelta(hours=2))], "1 incident, 2 h of trouble"),
        ([down(9, 1), DONE], "1 incident, 1 h of trouble; 1 maintenance"),
        ([DONE, DONE], "No incidents; 2 maintenances"),
    ],
)
def test_what_a_month_was_like(stories: list[IncidentFacts], words: str) -> None:
    """Time in which two incidents went on is counted once."""
    assert summary(stories, Tab.EVERYTHING, AT) == words


def test_tabs_speak_only_of_what_they_show() -> None:
    assert summary([], Tab.INCIDENTS, AT) == "No incidents"
    assert summary([], Tab.MAINTENANCE, AT) == "No maintenance"
    assert summary([DONE], Tab.MAINTENANCE, AT) == "1 maintenance"


def test_a_quiet_month_counts_its_days() -> None:
    days = MonthDays(
        tuple((date(2025, 11, n), DayTotals(operational=86400)) for n in range(1, 22)), Weights()
    )
    month = MonthFacts(Month(2025, 11), (), days, 0)

    assert quiet(month, Tab.EVERYTHING) == "21 days without an incident."
    assert quiet(month, Tab.MAINTENANCE) == "21 days without maintenance."
