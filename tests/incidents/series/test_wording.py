"""Rules in words."""

from zoneinfo import ZoneInfo

import pytest

from incidents.series import checked_rule, sentence, words
from incidents.walltime import parse_local

FIRST = parse_local("2026-11-29T02:00")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=DAILY;COUNT=5", "every day, 5 times,"),
        ("FREQ=DAILY;COUNT=1", "every day, once,"),
        ("FREQ=WEEKLY", "every Sunday"),
        ("FREQ=WEEKLY;BYDAY=TH,MO", "every Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "every 2 weeks on Sunday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "every 2 weeks on weekdays"),
        ("FREQ=MONTHLY", "on the 29th of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,2,13", "on the 1st, 2nd and 13th of every month"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of every month"),
        ("FREQ=MONTHLY;BYDAY=1SU", "on the first Sunday of every month"),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=-1SU", "every 3 months on the last Sunday"),
        ("FREQ=YEARLY", "every year on 29 November"),
        ("FREQ=WEEKLY;UNTIL=20270131", "every Sunday until 31 January 2027,"),
        ("FREQ=MONTHLY;BYMONTHDAY=-2", "by the rule FREQ=MONTHLY;BYMONTHDAY=-2"),
        ("FREQ=YEARLY;BYWEEKNO=20", "by the rule FREQ=YEARLY;BYWEEKNO=20"),
        ("FREQ=DAILY;BYDAY=MO", "by the rule FREQ=DAILY;BYDAY=MO"),
    ],
)
def test_common_rules_are_said_as_people_say_them(rule, said):
    assert words(checked_rule(rule, ZoneInfo("UTC")), FIRST) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (120, "every Sunday from 02:00 to 04:00 (Europe/Berlin)"),
        (23 * 60, "every Sunday from 02:00 to 01:00 (Europe/Berlin)"),
        (24 * 60, "every Sunday from 02:00, for 1 day (Europe/Berlin)"),
        (36 * 60, "every Sunday from 02:00, for 36 hours (Europe/Berlin)"),
        (1441, "every Sunday from 02:00, for 1441 minutes (Europe/Berlin)"),
    ],
)
def test_the_sentence_names_times_and_zone(minutes, said):
    assert sentence("FREQ=WEEKLY", FIRST, minutes, "Europe/Berlin") == said
