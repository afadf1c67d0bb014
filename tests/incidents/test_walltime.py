"""Wall times and instants, where clocks change as well."""

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.walltime import format_local, instant, local, parse_local

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "UTC",
)
zones = st.sampled_from(ZONES).map(ZoneInfo)
wall_times = st.datetimes(parse_local("2000-01-01T00:00"), parse_local("2040-01-01T00:00")).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Berlin", "2026-11-29T02:00", "2026-11-29T01:00"),
        ("Asia/Kathmandu", "2026-11-29T02:00", "2026-11-28T20:15"),
        ("Pacific/Apia", "2026-11-29T02:00", "2026-11-28T13:00"),
    ],
)
def test_a_wall_time_is_read_in_its_zone(zone, wall, utc):
    assert instant(parse_local(wall), ZoneInfo(zone)) == parse_local(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Berlin", "2026-03-29T02:00", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00"),
        ("America/New_York", "2026-03-08T02:59", "2026-03-08T07:00"),
        # Half an hour is skipped.
        ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:30"),
        # A whole day is skipped.
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30T10:00"),
    ],
)
def test_a_time_that_clocks_skip_is_the_moment_of_the_jump(zone, wall, utc):
    assert instant(parse_local(wall), ZoneInfo(zone)) == parse_local(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "utc"),
    [
        ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),
    ],
)
def test_a_time_that_clocks_show_twice_is_the_first(zone, wall, utc):
    assert instant(parse_local(wall), ZoneInfo(zone)) == parse_local(utc).replace(tzinfo=UTC)


@given(zones, wall_times)
def test_the_instant_shows_the_wall_time_or_the_first_one_after_it(zone, wall):
    moment = instant(wall, zone)
    shown = local(moment, zone)
    assert shown >= wall
    if shown != wall:
        assert local(moment - timedelta(seconds=1), zone) < wall


@given(zones, wall_times)
def test_no_earlier_instant_shows_the_same(zone, wall):
    moment = instant(wall, zone)
    for minutes in (30, 60):
        assert local(moment - timedelta(minutes=minutes), zone) != wall


@given(zones, st.lists(wall_times, min_size=2, max_size=2))
def test_later_wall_times_are_never_earlier_instants(zone, walls):
    first, second = sorted(walls)
    assert instant(first, zone) <= instant(second, zone)


@given(wall_times)
def test_what_is_written_is_read_back(wall):
    assert parse_local(format_local(wall)) == wall


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-11-29",
        "2026-11-29T02:00Z",
        "2026-13-29T02:00",
        "2026-11-29 02:00",
        "0001-01-01T00:00",
    ],
)
def test_what_is_no_wall_time_is_refused(text):
    with pytest.raises(ValueError, match="Use a time such as"):
        parse_local(text)
