"""Recurring maintenances through their screens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import end_series, skip_occurrence, update_series
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, MaintenanceSeries
from pages.models import Component, Page
from subscribers.models import Notification
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import REPEATS, series_of

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _berlin(page: Page) -> None:
    page.timezone = "Europe/Berlin"
    page.save()


@pytest.fixture
def series(page: Page, component: Component, operator: Actor) -> MaintenanceSeries:
    make_subscriber(page, "a@example.com", component)
    return series_of(page, operator, component)


def previewed(desk: Client, page: Page, **values: object) -> str:
    answer = desk.post(address("maintenance_new_preview", page), REPEATS | values, headers=HTMX)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def edited(desk: Client, page: Page, series: MaintenanceSeries, **values: object) -> dict:
    """What the form to edit it would send, with other `values`."""
    form = desk.get(address("series_edit", page, series)).context["form"]
    shown = {field.name: field.value() for field in form}
    kept = {name: value for name, value in shown.items() if value not in (None, False, [])}
    return {name: _typed(value) for name, value in kept.items()} | values


def _typed(value: object) -> object:
    if value is True:
        return "on"
    return f"{value:%H:%M}" if hasattr(value, "hour") else value


def test_a_rule_is_planned_from_what_the_form_says(
    desk: Client, page: Page, component: Component
) -> None:
    answer = desk.post(address("maintenance_new", page), REPEATS | {"systems": [str(component.id)]})

    series = MaintenanceSeries.objects.get()
    assert answer.headers["Location"] == address("series", page, series)
    assert series.rule == "FREQ=WEEKLY;BYDAY=SU"
    assert (series.first_start, series.minutes) == ("2027-07-04T02:00", 150)
    first = series.occurrences.earliest("scheduled_for")
    assert first.scheduled_for == datetime(2027, 7, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("values", "rule", "said"),
    [
        ({"often": "daily", "interval": "2"}, "FREQ=DAILY;INTERVAL=2", "Every 2 days"),
        ({"weekdays": ["MO", "TH"]}, "FREQ=WEEKLY;BYDAY=MO,TH", "Every Monday and Thursday"),
        ({"often": "monthly"}, "FREQ=MONTHLY;BYMONTHDAY=4", "On the 4th of every month"),
        (
            {"often": "monthly", "monthly_on": "nth"},
            "FREQ=MONTHLY;BYDAY=1SU",
            "On the first Sunday of every month",
        ),
        (
            {"often": "monthly", "monthly_on": "last"},
            "FREQ=MONTHLY;BYDAY=-1SU",
            "On the last Sunday of every month",
        ),
        ({"count": "3"}, "FREQ=WEEKLY;BYDAY=SU;COUNT=3", "Every Sunday, 3 times,"),
        (
            {"until": "2027-08-31"},
            "FREQ=WEEKLY;BYDAY=SU;UNTIL=20270831T235959",
            "Every Sunday until 31 August 2027,",
        ),
    ],
)
def test_every_rule_is_said_in_words_shown_again_and_kept(
    desk: Client, page: Page, values: dict[str, object], rule: str, said: str
) -> None:
    assert said in previewed(desk, page, **values)

    desk.post(address("maintenance_new", page), REPEATS | values)

    series = MaintenanceSeries.objects.get()
    assert series.rule == rule
    desk.post(address("series_edit", page, series), edited(desk, page, series))
    series.refresh_from_db()
    assert series.rule == rule


def test_the_next_five_dates_say_what_the_clocks_do(desk: Client, page: Page) -> None:
    html = previewed(desk, page, day="2027-03-21", starts="02:30", ends="04:00")

    for day in ("21 Mar", "28 Mar", "4 Apr", "11 Apr", "18 Apr"):
        assert f"Sun {day} 2027" in html
    assert "25 Apr" not in html
    assert "02:30 does not exist on 28 March: it will start at 03:00." in html
    assert "it ends at 04:30." in html


def test_a_first_start_that_does_not_exist_is_read_before_it_is_posted(
    desk: Client, page: Page
) -> None:
    values = REPEATS | {"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}

    refused = desk.post(address("maintenance_new", page), values)
    done = desk.post(
        address("maintenance_new", page), values | {"told": refused.context["plan"].told}
    )

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "it will start at 03:00" in refused.content.decode()


def test_days_can_be_left_out_from_the_beginning(desk: Client, page: Page) -> None:
    values = {"exceptions": "2027-07-11, 2027-07-18"}
    html = previewed(desk, page, **values)

    desk.post(address("maintenance_new", page), REPEATS | values)

    series = MaintenanceSeries.objects.get()
    assert "11 Jul" not in html
    assert series.exceptions == ["2027-07-11T02:00", "2027-07-18T02:00"]
    assert "Skipped: Sun 11 Jul 2027, Sun 18 Jul 2027." in " ".join(
        desk.get(address("series", page, series)).content.decode().split()
    )


def test_of_a_series_the_next_one_is_told_at_once(
    desk: Client, page: Page, component: Component
) -> None:
    make_subscriber(page, "a@example.com")

    html = previewed(desk, page)
    desk.post(address("maintenance_new", page), REPEATS)

    assert "Held for" not in html
    assert Notification.objects.get().hold_until is None


def test_the_mail_of_a_series_names_its_rule(desk: Client, page: Page) -> None:
    html = desk.post(address("maintenance_new_mail", page), REPEATS).content.decode()

    assert "It takes place every Sunday from 02:00 to 04:30 (Europe/Berlin)." in html


def test_a_double_click_plans_one_series(desk: Client, page: Page) -> None:
    for _ in range(2):
        answer = desk.post(address("maintenance_new", page), REPEATS | {"key": "one"})

    assert answer.status_code == 302
    assert MaintenanceSeries.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"until": "2027-08-31", "count": "3"}, "Use either an end or a number of times."),
        ({"count": "0"}, "greater than or equal to 1"),
        ({"interval": "0"}, "greater than or equal to 1"),
        ({"often": "yearly"}, "Select a valid choice."),
        ({"weekdays": ["XX"]}, "Select a valid choice."),
        ({"exceptions": "Christmas"}, "Use a day such as 2026-11-29."),
        ({"until": "2027-07-01"}, "it does not take place"),
        ({"often": "daily", "last_day": "2027-07-06"}, "must be over before it takes place"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_at_its_field(
    desk: Client, page: Page, values: dict[str, object], sentence: str
) -> None:
    answer = desk.post(address("maintenance_new", page), REPEATS | values)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not MaintenanceSeries.objects.exists()


def test_the_series_shows_its_dates_in_screens(desk: Client, page: Page, operator: Actor) -> None:
    series = series_of(page, operator, rule="FREQ=DAILY", name="Nightly")

    first = desk.get(address("series", page, series)).content.decode()
    last = desk.get(address("series", page, series), {"ahead": 3}).content.decode()

    assert "Every day from 02:00 to 03:00 (Europe/Berlin)." in first
    assert first.count("Skip<") == 20
    assert 0 < last.count("Skip<") <= 20


def test_editing_moves_what_waits(desk: Client, page: Page, series: MaintenanceSeries) -> None:
    values = edited(desk, page, series, name="Restart", starts="04:00", ends="05:30")

    answer = desk.post(address("series_edit", page, series), values)

    assert answer.headers["Location"] == address("series", page, series)
    series.refresh_from_db()
    assert (series.name, series.minutes) == ("Restart", 90)
    assert all(one.name == "Restart" for one in series.occurrences.upcoming())


def test_the_preview_of_an_edit_shows_its_dates_without_the_skipped(
    desk: Client, page: Page, series: MaintenanceSeries, operator: Actor
) -> None:
    first, second = series.occurrences.order_by("scheduled_for")[:2]
    skip_occurrence(series=series, occurrence=first.occurrence, actor=operator, at=now())
    series.refresh_from_db()

    answer = desk.post(
        address("series_edit_preview", page, series),
        edited(desk, page, series, starts="05:00", ends="06:00"),
        headers=HTMX,
    )

    dates = [each.start.date() for each in answer.context["plan"].dates]
    assert dates[0] == date.fromisoformat(second.occurrence[:10])
    assert not answer.context["plan"].overlaps


def test_a_rule_of_another_door_can_be_kept(desk: Client, page: Page, operator: Actor) -> None:
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1"
    series = series_of(page, operator, rule=rule)

    html = desk.get(address("series_edit", page, series)).content.decode()
    desk.post(address("series_edit", page, series), edited(desk, page, series, name="Other"))

    assert "By the rule" in html
    series.refresh_from_db()
    assert (series.name, series.rule) == ("Other", rule)


def test_whoever_was_slower_at_editing_decides(
    desk: Client, page: Page, series: MaintenanceSeries, operator: Actor
) -> None:
    url = address("series_edit", page, series)
    values = edited(desk, page, series, name="Mine")
    update_series(series=series, name="Theirs", actor=operator, at=now())

    answer = desk.post(url, values)

    assert answer.status_code == 409
    assert "Somebody else changed this series" in answer.content.decode()
    assert desk.post(url, values | {"seen": answer.context["seen"]}).status_code == 302


def test_skipping_asks_then_cancels_that_one_alone(
    desk: Client, page: Page, series: MaintenanceSeries
) -> None:
    first, second = series.occurrences.order_by("scheduled_for")[:2]
    url = address("series_skip", page, series, first)
    assert "Tells 1 person" in desk.get(url, headers=HTMX).content.decode()

    answer = desk.post(url, {"notify": "on"})

    assert answer.headers["Location"] == address("series", page, series)
    states = Incident.objects.in_bulk([first.pk, second.pk])
    assert states[first.pk].status == IncidentStatus.CANCELLED
    assert states[second.pk].status == IncidentStatus.SCHEDULED


def test_what_was_skipped_meanwhile_says_so(
    desk: Client, page: Page, series: MaintenanceSeries, operator: Actor
) -> None:
    first = series.occurrences.earliest("scheduled_for")
    skip_occurrence(series=series, occurrence=first.occurrence, actor=operator, at=now())

    answer = desk.post(address("series_skip", page, series, first), {"notify": "on"})

    assert answer.status_code == 409
    assert "This one is skipped already." in answer.content.decode()


def test_an_occurrence_of_another_series_is_missing(
    desk: Client, page: Page, series: MaintenanceSeries, operator: Actor
) -> None:
    other = series_of(page, operator, name="Other").occurrences.earliest("scheduled_for")

    assert desk.get(address("series_skip", page, series, other)).status_code == 404


def test_ending_asks_then_cancels_what_waits(
    desk: Client, page: Page, series: MaintenanceSeries
) -> None:
    url = address("series_end", page, series)
    assert "End this series?" in desk.get(url).content.decode()

    desk.post(url, {"notify": "on", "body": "We have no need of it any more."})

    html = desk.get(address("series", page, series)).content.decode()
    assert "It ended" in html
    assert not series.occurrences.upcoming().exists()
    assert address("series_edit", page, series) not in html


def test_what_has_ended_takes_no_further_step(
    desk: Client, page: Page, series: MaintenanceSeries, operator: Actor
) -> None:
    end_series(series=series, actor=operator, at=now())

    ended = desk.post(address("series_end", page, series), {"notify": "on"})
    changed = desk.post(address("series_edit", page, series), {"name": "x"})

    assert ended.status_code == changed.status_code == 409
    assert "ended" in ended.content.decode()


def test_a_text_that_is_too_long_is_refused(
    desk: Client, page: Page, series: MaintenanceSeries
) -> None:
    answer = desk.post(address("series_end", page, series), {"body": "x" * 25_001})

    assert answer.status_code == 422
    series.refresh_from_db()
    assert series.ended_at is None


def test_a_viewer_sees_a_series_and_can_do_nothing(
    desk_of_viewer: Client, page: Page, series: MaintenanceSeries
) -> None:
    main = desk_of_viewer.get(address("series", page, series)).content.decode().split("<main")[1]

    assert "Weekly restart" in main
    assert "Skip" not in main
    assert 'class="button' not in main


def test_a_repeated_maintenance_begins_within_two_years(desk: Client, page: Page) -> None:
    far = (now() + timedelta(days=900)).date().isoformat()

    answer = desk.post(address("maintenance_new", page), REPEATS | {"day": far})

    assert answer.status_code == 422
    assert "It must begin within two years." in answer.content.decode()
