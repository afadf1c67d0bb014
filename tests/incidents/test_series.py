"""Recurring maintenances: planned, changed, skipped, ended, made ahead."""

from datetime import timedelta
from itertools import pairwise

import pytest
import time_machine

from accounts.access import Refused
from accounts.actor import SYSTEM, Actor
from accounts.models import AuditEvent
from incidents.actions import (
    Conflict,
    Invalid,
    Repeated,
    cancel_maintenance,
    create_series,
    delete_incident,
    end_series,
    make_occurrences,
    reschedule,
    run_due_maintenance,
    skip_occurrence,
    update_series,
)
from incidents.models import Incident, MaintenanceSeries
from incidents.schedule import MaintenanceOptions
from incidents.tasks import make_occurrences as make_occurrences_task
from incidents.walltime import parse_local
from pages.actions import update_page
from pages.models import Page
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.maintenances import HOUR, status_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST = parse_local("2026-03-08T02:00")
FIVE_SUNDAYS = "every Sunday, 5 times, from 02:00 to 04:00 (Europe/Berlin)"


def recurring(page, components, at, **given: object):
    """Sundays from 02:00 to 04:00 in Berlin; NOW is a Wednesday."""
    Page.objects.filter(pk=page.pk).update(timezone="Europe/Berlin")
    values = {
        "page": page,
        "name": "Patching",
        "body": "We patch.",
        "rule": "FREQ=WEEKLY;BYDAY=SU;COUNT=5",
        "first_start": FIRST,
        "minutes": 120,
        "components": components,
        "actor": SYSTEM,
        "at": at,
    }
    return create_series(**values | given)


def rows(series, status="scheduled"):
    found = series.occurrences.filter(status=status).order_by("occurrence")
    return list(found.values_list("occurrence", flat=True))


def sent():
    news = Notification.objects.filter(audience="subscribers").order_by("created_at", "id")
    return [(each.kind, each.message["body"]["en"]) for each in news]


def test_its_next_occurrences_are_rows_at_their_wall_time(page, api, at):
    series = recurring(page, [api], at)
    assert rows(series) == [
        "2026-03-08T02:00",
        "2026-03-15T02:00",
        "2026-03-22T02:00",
        "2026-03-29T02:00",
        "2026-04-05T02:00",
    ]
    starts = series.occurrences.order_by("scheduled_for").values_list("scheduled_for", flat=True)
    # The 29th skips 02:00; from then on the same wall time is an hour earlier.
    assert [f"{start:%H:%M}" for start in starts] == ["01:00", "01:00", "01:00", "01:00", "00:00"]
    assert [row.affected.get().component for row in series.occurrences.all()] == [api] * 5
    assert AuditEvent.objects.filter(action="series.create").count() == 1


def test_one_notice_tells_of_the_first_and_names_the_rule(page, api, at):
    recurring(page, [api], at)
    assert sent() == [
        (
            "maintenance_scheduled",
            f"We patch.\n\nIt takes place {FIVE_SUNDAYS}.",
        )
    ]


def test_a_silent_series_tells_nobody(page, api, at):
    recurring(page, [api], at, deliver=False)
    assert sent() == []


def test_an_occurrence_begins_and_ends_like_any_maintenance(page, api, at):
    series = recurring(page, [api], at, options=MaintenanceOptions(remind_before=(60,)))
    first = series.occurrences.earliest("scheduled_for")
    assert first.reminders.get().due_at == first.scheduled_for - HOUR
    run_due_maintenance(at=first.scheduled_for)
    assert status_of(api) is Status.MAINTENANCE
    run_due_maintenance(at=first.scheduled_until)
    assert rows(series, "completed") == ["2026-03-08T02:00"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rule": "FREQ=HOURLY"}, "rule"),
        ({"rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "rule"),
        ({"rule": "FREQ=DAILY;UNTIL=20260301", "first_start": FIRST - 8 * DAY}, "rule"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 7 * 24 * 60}, "minutes"),
        ({"minutes": 10**9}, "minutes"),
        ({"first_start": FIRST + 800 * DAY}, "first_start"),
        ({"first_start": FIRST - 400 * DAY}, "first_start"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_recur_is_refused_by_its_field(page, api, at, given, field):
    with pytest.raises(Invalid) as refusal:
        recurring(page, [api], at, **given)
    assert refusal.value.field == field
    assert not MaintenanceSeries.objects.exists()


def test_a_viewer_may_not_plan_a_series(page, viewer, at):
    with pytest.raises(Refused):
        recurring(page, [], at, actor=Actor.of(viewer))


def test_the_same_request_plans_one_series(page, api, operator, at):
    series = recurring(page, [api], at, actor=operator)
    with pytest.raises(Repeated) as repeated:
        recurring(page, [api], at, actor=operator)
    assert repeated.value.row.series == series
    assert MaintenanceSeries.objects.count() == 1


def test_a_later_time_moves_the_rows_that_wait(page, api, operator, at):
    series = recurring(page, [api], at)
    ids = set(series.occurrences.values_list("pk", flat=True))
    update_series(series=series, first_start=FIRST + HOUR, actor=operator, at=at + HOUR, name="New")
    assert rows(series)[:2] == ["2026-03-08T03:00", "2026-03-15T03:00"]
    assert set(series.occurrences.values_list("pk", flat=True)) == ids
    assert set(series.occurrences.values_list("name", flat=True)) == {"New"}
    assert len(sent()) == 2
    kind, body = sent()[1]
    assert kind == "maintenance_moved"
    assert "every Sunday, 5 times, from 03:00 to 05:00 (Europe/Berlin)." in body
    assert "now takes place on Sunday 8 March 2026, 03:00 to 05:00" in body


def test_another_day_cancels_and_makes_rows_and_comes_back(page, api, operator, at):
    series = recurring(page, [api], at)
    update_series(series=series, rule="FREQ=WEEKLY;BYDAY=MO;COUNT=2", actor=operator, at=at + HOUR)
    assert rows(series) == ["2026-03-09T02:00", "2026-03-16T02:00"]
    assert Incident.objects.filter(status="cancelled").count() == 5
    update_series(series=series, rule="FREQ=WEEKLY;BYDAY=SU;COUNT=2", actor=operator, at=at + HOUR)
    assert rows(series) == ["2026-03-08T02:00", "2026-03-15T02:00"]
    assert len(sent()) == 3


def test_what_people_moved_stays_where_they_put_it(page, api, operator, at):
    series = recurring(page, [api], at)
    first = series.occurrences.earliest("scheduled_for")
    start = first.scheduled_for + 5 * HOUR
    reschedule(
        maintenance=first, starts_at=start, ends_at=start + HOUR, actor=operator, at=at + HOUR
    )
    update_series(series=series, first_start=FIRST + HOUR, actor=operator, at=at + 2 * HOUR)
    first.refresh_from_db()
    assert first.scheduled_for == start
    assert len(rows(series)) == 5
    make_occurrences(at=at + 3 * HOUR)
    first.refresh_from_db()
    assert first.scheduled_for == start
    assert len(rows(series)) == 5


def test_what_waits_to_be_started_by_hand_is_not_called_off(page, api, operator, at):
    series = recurring(
        page, [api], at, options=MaintenanceOptions(scheduled_auto_in_progress=False)
    )
    first = series.occurrences.earliest("scheduled_for")
    update_series(
        series=series, minutes=60, actor=operator, at=first.scheduled_for + timedelta(minutes=5)
    )
    first.refresh_from_db()
    assert first.status == "scheduled"


def test_changed_components_are_those_of_the_rows(page, api, web, operator, at):
    series = recurring(page, [api], at)
    update_series(series=series, components=[web], actor=operator, at=at)
    named = {row.affected.get().component for row in series.occurrences.all()}
    assert named == {web}
    assert len(sent()) == 1


def test_a_stale_change_is_refused(page, api, operator, at):
    series = recurring(page, [api], at)
    update_series(series=series, name="One", actor=operator, at=at + HOUR)
    with pytest.raises(Conflict):
        update_series(series=series, name="Two", actor=operator, at=at + HOUR, seen=at)


def test_a_skipped_one_is_cancelled_told_and_stays_away(page, api, operator, at):
    series = recurring(page, [api], at)
    skip_occurrence(series=series, occurrence="2026-03-15T02:00", actor=operator, at=at)
    make_occurrences(at=at + DAY)
    assert rows(series, "cancelled") == ["2026-03-15T02:00"]
    assert len(rows(series)) == 4
    assert sent()[1] == ("maintenance_cancelled", "This maintenance will not take place.")
    with pytest.raises(Conflict):
        skip_occurrence(series=series, occurrence="2026-03-15T02:00", actor=operator, at=at)


@pytest.mark.parametrize("occurrence", ["2026-03-16T02:00", "2026-03-15T03:00", "soon"])
def test_only_what_takes_place_can_be_skipped(page, api, operator, at, occurrence):
    series = recurring(page, [api], at)
    with pytest.raises(Invalid) as refusal:
        skip_occurrence(series=series, occurrence=occurrence, actor=operator, at=at)
    assert refusal.value.field == "occurrence"


def test_one_that_has_begun_cannot_be_skipped(page, api, operator, at):
    series = recurring(page, [api], at)
    start = series.occurrences.earliest("scheduled_for").scheduled_for
    run_due_maintenance(at=start)
    with pytest.raises(Conflict, match="in progress"):
        skip_occurrence(series=series, occurrence="2026-03-08T02:00", actor=operator, at=start)
    series.refresh_from_db()
    assert series.exceptions == []


def test_a_skip_far_ahead_needs_no_row(page, api, operator, at):
    series = recurring(page, [api], at, rule="FREQ=YEARLY")
    skip_occurrence(series=series, occurrence="2036-03-08T02:00", actor=operator, at=at)
    assert len(rows(series)) == 3
    assert len(sent()) == 1


def test_a_series_that_ends_cancels_what_waits_and_tells_of_the_next(page, api, operator, at):
    series = recurring(page, [api], at)
    start = series.occurrences.earliest("scheduled_for").scheduled_for
    run_due_maintenance(at=start)
    end_series(series=series, actor=operator, at=start + HOUR)
    assert rows(series, "in_progress") == ["2026-03-08T02:00"]
    assert len(rows(series, "cancelled")) == 4
    assert [kind for kind, _ in sent()].count("maintenance_cancelled") == 1
    assert make_occurrences(at=start + DAY) == 0
    with pytest.raises(Conflict):
        end_series(series=series, actor=operator, at=start + HOUR)


def test_the_tick_makes_what_comes_into_view(page, api, at):
    series = recurring(page, [api], at, rule="FREQ=WEEKLY;BYDAY=SU")
    assert len(rows(series)) == 9
    assert make_occurrences(at=at + timedelta(minutes=1)) == 0
    with time_machine.travel(at + 28 * DAY, tick=False):
        make_occurrences_task()
    assert len(rows(series)) == 13
    assert len(sent()) == 1
    texts = {row.updates.get().body for row in series.occurrences.order_by("occurrence")[1:]}
    assert texts == {"We patch."}


def test_wall_times_stay_when_the_page_moves_to_another_zone(page, api, operator, at):
    series = recurring(page, [api], at)
    before = list(series.occurrences.order_by("pk").values_list("scheduled_for", flat=True))
    update_page(page=page, timezone="Asia/Kathmandu", actor=operator, at=at)
    assert make_occurrences(at=at) == 5
    assert make_occurrences(at=at) == 0
    after = list(series.occurrences.order_by("pk").values_list("scheduled_for", flat=True))
    moved = [new - old for old, new in zip(before, after, strict=True)]
    # 02:00 in Kathmandu is 20:15 the day before, at 29 March too.
    assert moved[:3] == [-timedelta(hours=4, minutes=45)] * 3
    assert all(later - sooner == 7 * DAY for sooner, later in pairwise(after))
    assert [kind for kind, _ in sent()] == ["maintenance_scheduled", "maintenance_moved"]


def test_a_deleted_or_cancelled_occurrence_is_not_made_again(page, api, operator, at):
    series = recurring(page, [api], at)
    first, second = series.occurrences.order_by("scheduled_for")[:2]
    delete_incident(incident=first, actor=operator, at=at)
    cancel_maintenance(maintenance=second, body="", actor=operator, at=at)
    make_occurrences(at=at + HOUR)
    assert rows(series) == ["2026-03-22T02:00", "2026-03-29T02:00", "2026-04-05T02:00"]


def test_a_broken_series_stops_no_other(page, api, at, caplog):
    broken = recurring(page, [api], at, rule="FREQ=WEEKLY")
    sound = recurring(page, [api], at, rule="FREQ=WEEKLY", name="Sound")
    MaintenanceSeries.objects.filter(pk=broken.pk).update(first_start="nonsense")
    assert make_occurrences(at=at + 14 * DAY) == 2
    assert len(rows(sound)) == 11
    assert f"series {broken.pk}: its occurrences were not made" in caplog.text


def test_a_daily_series_has_sixty_days_of_rows(page, at):
    series = recurring(page, [], at, rule="FREQ=DAILY", first_start=FIRST - 3 * DAY)
    assert len(rows(series)) == 60
