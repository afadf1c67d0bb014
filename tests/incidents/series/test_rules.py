"""Which recurrence rules are taken, and in which form they are kept."""

from contextlib import suppress
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.series import checked_rule
from pages.actions import Invalid

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("given_rule", "kept"),
    [
        (" rrule:freq=weekly;byday=su; ", "FREQ=WEEKLY;BYDAY=SU"),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231T235959"),
        ("FREQ=DAILY;UNTIL=20261231T120000", "FREQ=DAILY;UNTIL=20261231T120000"),
        # An instant becomes what clocks in the page's zone show.
        ("FREQ=DAILY;UNTIL=20261231T230000Z", "FREQ=DAILY;UNTIL=20270101T000000"),
        ("FREQ=MONTHLY;BYDAY=-1SU,+2MO", "FREQ=MONTHLY;BYDAY=-1SU,+2MO"),
    ],
)
def test_a_rule_is_kept_in_one_form(given_rule, kept):
    assert checked_rule(given_rule, BERLIN) == kept
    assert checked_rule(kept, BERLIN) == kept


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "every sunday",
        "FREQ=HOURLY",
        "FREQ=MINUTELY",
        "FREQ=SECONDLY",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;INTERVAL=٣",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=10001",
        "FREQ=DAILY;COUNT=3;UNTIL=20261231",
        "FREQ=DAILY;UNTIL=tomorrow",
        "FREQ=DAILY;UNTIL=00010101",
        "FREQ=DAILY;BYHOUR=3",
        "FREQ=DAILY;BYSECOND=1",
        "FREQ=DAILY;BYEASTER=0",
        "FREQ=WEEKLY;BYDAY=1SU",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYDAY=0SU",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=YEARLY;BYMONTH=-1",
        "FREQ=DAILY\nDTSTART:20260101T000000",
        "DTSTART:20260101T000000\nRRULE:FREQ=DAILY",
        "FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 300),
    ],
)
def test_what_is_no_rule_is_refused(rule):
    with pytest.raises(Invalid) as refusal:
        checked_rule(rule, BERLIN)
    assert refusal.value.field == "rule"


@given(st.text(max_size=60) | st.text("FREQ=DAILYUNTCOBYM;0123456789,+-TZ", max_size=60))
def test_no_text_does_more_than_be_refused(text):
    with suppress(Invalid):
        checked_rule(text, BERLIN)
