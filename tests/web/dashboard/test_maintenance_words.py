"""Reminders, rules and clocks in words, and back."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.series import checked_rule
from web.dashboard import maintenance_reminders, series_rule
from web.dashboard.maintenance_clock import Occurrence, WallSpan
from web.dashboard.series_rule import MonthlyOn, Often, Repeats

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1 day, 3 hours", (1440, 180)),
        ("3 hours before and 1 day before", (1440, 180)),
        ("2w; 90m", (20160, 90)),
        ("1 h, 60 minutes", (60,)),
        ("", ()),
    ],
)
def test_reminders_are_read_as_people_write_them(text: str, minutes: tuple[int, ...]) -> None:
    assert maintenance_reminders.read(text) == minutes


@pytest.mark.parametrize(
    "text", ["soon", "1", "day", "-1 day", "1.5 h", "1 fortnight", "\u0661 day"]
)
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no length of time"):
        maintenance_reminders.read(text)


@given(st.sets(st.integers(1, 43_200), max_size=10))
def test_reminders_in_words_are_read_back(minutes: set[int]) -> None:
    said = maintenance_reminders.words(minutes)

    assert maintenance_reminders.read(said) == tuple(sorted(minutes, reverse=True))


@given(
    st.builds(
        Repeats,
        often=st.sampled_from([Often.DAILY, Often.WEEKLY, Often.MONTHLY]),
        interval=st.integers(1, 100),
        monthly_on=st.sampled_from(MonthlyOn),
        until=st.none() | st.dates(date(2027, 1, 1), date(2099, 12, 31)),
    ),
    st.dates(date(2026, 1, 1), date(2030, 12, 31)),
)
def test_every_rule_of_the_form_is_valid_and_read_back(repeats: Repeats, first: date) -> None:
    rule = checked_rule(repeats.rule(first), BERLIN)

    read = series_rule.read(rule, first)

    assert read is not None
    assert read.rule(first) == repeats.rule(first)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1",
        "FREQ=DAILY;BYMONTH=1",
        "FREQ=MONTHLY;BYMONTHDAY=5",
    ],
)
def test_a_rule_that_the_form_cannot_say_is_not_shown_as_another(rule: str) -> None:
    assert series_rule.read(rule, date(2027, 7, 4)) is None


def test_an_ordinary_span_needs_no_remark() -> None:
    assert WallSpan(at("2027-07-04T02:00"), at("2027-07-04T04:00"), BERLIN).remarks() == []


def test_an_end_that_does_not_exist_is_said() -> None:
    span = WallSpan(at("2027-03-28T01:00"), at("2027-03-28T02:30"), BERLIN)

    assert span.remarks()[0] == "02:30 does not exist on 28 March: it will end at 03:00."


def test_an_occurrence_over_a_change_ends_at_another_time() -> None:
    spring = Occurrence(at("2027-03-28T01:00"), 120, BERLIN)
    autumn = Occurrence(at("2026-10-25T01:00"), 180, BERLIN)

    assert spring.remarks() == ["The clocks change meanwhile: it ends at 04:00."]
    assert autumn.remarks() == ["The clocks change meanwhile: it ends at 03:00."]
