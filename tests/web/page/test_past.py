from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.lifecycle import IncidentStatus
from tests.web.page.facts import incident, maintenance
from web.page.past import entries

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2025, 11, 21, 12, tzinfo=UTC)


def shown(*incidents: object) -> list[tuple[str, str | None]]:
    return [
        (entry.when, entry.story.name if entry.story else None)
        for entry in entries(incidents, AT, BERLIN)  # type: ignore[arg-type]
    ]


def over(began: datetime, **lasted: float) -> object:
    return incident(began=began, ended=began + timedelta(**lasted))


def test_two_quiet_weeks_are_one_line() -> None:
    assert shown() == [("8\u201321 Nov", None)]


def test_an_incident_parts_the_quiet_days() -> None:
    assert shown(over(datetime(2025, 11, 14, 9, tzinfo=UTC), hours=1)) == [
        ("15\u201321 Nov", None),
        ("Fri 14 Nov", "Declined cards"),
        ("8\u201313 Nov", None),
    ]


def test_days_of_an_open_incident_are_not_quiet() -> None:
    ongoing = incident(began=datetime(2025, 11, 20, 9, tzinfo=UTC))

    assert shown(ongoing) == [("8\u201319 Nov", None)]


def test_days_within_a_long_incident_are_not_quiet() -> None:
    assert shown(over(datetime(2025, 11, 18, 9, tzinfo=UTC), days=2)) == [
        ("Fri 21 Nov", None),
        ("Tue 18 Nov", "Declined cards"),
        ("8\u201317 Nov", None),
    ]


def test_an_incident_that_began_before_and_ended_within_comes_last() -> None:
    assert shown(over(datetime(2025, 11, 3, 9, tzinfo=UTC), days=7)) == [
        ("11\u201321 Nov", None),
        ("Mon 3 Nov", "Declined cards"),
    ]


def test_days_are_those_of_the_pages_zone() -> None:
    late = datetime(2025, 11, 14, 23, 30, tzinfo=UTC)

    assert ("Sat 15 Nov", "Declined cards") in shown(over(late, minutes=5))


def test_a_maintenance_that_is_over_stands_on_its_first_day_and_troubles_no_other() -> None:
    starts = datetime(2025, 11, 17, 9, tzinfo=UTC)
    done = maintenance(IncidentStatus.COMPLETED, starts=starts, ended=starts + timedelta(days=2))

    assert shown(done) == [
        ("18\u201321 Nov", None),
        ("Mon 17 Nov", "Database upgrade"),
        ("8\u201316 Nov", None),
    ]


def test_a_maintenance_cancelled_ahead_stands_where_that_was_said() -> None:
    said = datetime(2025, 11, 18, 9, tzinfo=UTC)
    ahead = maintenance(IncidentStatus.CANCELLED, starts=AT + timedelta(days=9), ended=said)

    assert ("Tue 18 Nov", "Database upgrade") in shown(ahead)


def test_maintenances_to_come_and_under_way_trouble_no_day() -> None:
    running = maintenance(IncidentStatus.IN_PROGRESS, starts=AT - timedelta(days=3))

    assert shown(maintenance(starts=AT + timedelta(days=1)), running) == [("8\u201321 Nov", None)]
