from datetime import date

from pages.uptime import DayClass, DayTotals, Weights
from web.page import bars

DAY = 86400
GOOD = DayTotals(operational=DAY)
NOTHING = DayTotals(unobserved=DAY)
GREEN, YELLOW, ORANGE, RED, BLUE, GREY = DayClass


def bad(**seconds: int) -> DayTotals:
    return DayTotals(operational=DAY - sum(seconds.values()), **seconds)


def test_ninety_good_days_are_one_path() -> None:
    assert bars.lines([GREEN] * 90) == [("op", "M0 14h90")]


def test_bad_days_stand_on_the_run_of_good_ones() -> None:
    assert bars.lines([GREEN, GREEN, YELLOW, GREEN, RED, RED]) == [
        ("op", "M0 14h6"),
        ("de", "M2 14h1"),
        ("ma", "M4 14h2"),
    ]


def test_maintenance_is_split_and_no_data_interrupts() -> None:
    assert bars.lines([GREY, GREY, GREEN, BLUE]) == [
        ("no", "M0 14h2"),
        ("op", "M2 14h1"),
        ("mt", "M3 9h1M3 19h1"),
    ]


def test_a_group_shows_each_days_worst_and_grey_only_where_all_are() -> None:
    assert bars.worst_of([[GREY, GREEN, YELLOW, BLUE], [GREY, GREY, ORANGE, GREEN]]) == [
        GREY,
        GREEN,
        ORANGE,
        BLUE,
    ]


def test_the_story_names_uptime_and_the_days_of_trouble() -> None:
    days = [GOOD, bad(partial=2460), GOOD, bad(major=60, degraded=120)]

    told = bars.story(days, date(2025, 10, 24), "99.81%")

    assert told == (
        "Last 4 days: 99.81% up. 25 October: partial outage, 41 min. "
        "Today: major outage, 1 min; degraded performance, 2 min."
    )


def test_the_story_of_a_bad_quarter_is_cut_to_its_latest_days() -> None:
    told = bars.story([bad(major=60)] * 90, date(2025, 8, 24), "99.93%")

    assert "Trouble on 90 days, last: 16 November" in told
    assert told.count("major outage") == bars.TOLD


def test_a_new_component_has_no_data_yet() -> None:
    assert bars.story([NOTHING] * 90, date(2025, 8, 24), None) == "No data yet."


def test_details_of_single_days_for_the_script() -> None:
    days = [NOTHING, NOTHING, GOOD, bad(partial=2460), bad(degraded=60)]

    assert bars.details(days, bars.classes(days, Weights()), Weights()) == (
        "0-1=no data;3=partial outage, 41 min|99.14%;4=degraded performance, 1 min|100%"
    )
