"""Incidents entered after the fact."""

import pytest

from incidents.actions import Invalid, backfill_incident
from pages import days
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.stories import minutes, said, statuses

pytestmark = pytest.mark.django_db


def entered(component, actor, at, *, began, ended, closing=""):
    return backfill_incident(
        page=component.page,
        name="Checkout was down",
        body="Payments failed.",
        statuses={component: Status.MAJOR},
        began_at=at + minutes(began),
        ended_at=at + minutes(ended),
        actor=actor,
        at=at,
        closing=closing,
    )


def test_it_stands_at_its_time_and_nobody_is_told(api, operator, at):
    incident = entered(api, operator, at, began=-90, ended=-30, closing="A disk was replaced.")
    assert incident.backfilled
    assert (incident.started_at, incident.resolved_at) == (at - minutes(90), at - minutes(30))
    assert incident.status == "resolved"
    assert incident.effective_impact == "critical"
    assert list(incident.updates.told().values_list("body", "display_at")) == [
        ("Payments failed.", at - minutes(90)),
        ("A disk was replaced.", at - minutes(30)),
    ]
    assert not Notification.objects.exists()


def test_intervals_and_finished_days_are_rebuilt_from_the_stated_times(api, operator, at):
    days.fold_finished_days(at=at)
    entered(api, operator, at, began=-24 * 60, ended=-24 * 60 + 10)
    assert statuses(api, at)[1:] == [
        (-24 * 60, "major_outage"),
        (-24 * 60 + 10, "operational"),
    ]
    yesterday = api.days.get(date=(at - minutes(24 * 60)).date())
    assert yesterday.major_seconds == 600
    api.refresh_from_db()
    assert api.status == "operational"


def test_a_word_added_later_is_silent_too(api, operator, at):
    incident = entered(api, operator, at, began=-90, ended=-30)
    said(incident, "identified", operator, at, display_at=at - minutes(60))
    assert not Notification.objects.exists()
    incident.refresh_from_db()
    assert incident.status == "resolved"


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        (-90, "It must end after it began"),
        (-30, "It must end after it began"),
        (30, "It must have ended"),
    ],
)
def test_impossible_times_are_refused(api, operator, at, ended, reason):
    with pytest.raises(Invalid, match=f"ended_at: {reason}"):
        entered(api, operator, at, began=-30, ended=ended)
    assert not Notification.objects.exists()
    assert not api.page.incidents.exists()
