"""Words about a maintenance that wait for their time, or are taken back."""

import pytest

from incidents.actions import (
    Invalid,
    extend,
    finish_early,
    post_update,
    run_due_maintenance,
    show_due_updates,
    undo_update,
)
from incidents.lifecycle import IncidentStatus
from pages.status import Status
from tests.incidents.maintenances import HOUR, MINUTE, planned, status_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def maintenance(page, api, at):
    return planned(page, [api], at)


@pytest.mark.parametrize("status", ["in_progress", "completed", "cancelled"])
def test_it_is_begun_and_ended_by_verbs_of_its_own(maintenance, operator, at, status):
    with pytest.raises(Invalid, match="status: "):
        post_update(
            incident=maintenance,
            status=IncidentStatus(status),
            body="",
            actor=operator,
            at=at,
            display_at=at + MINUTE,
        )


def test_after_a_standstill_all_takes_place_in_the_order_of_its_times(maintenance, operator, at):
    soon = {"incident": maintenance, "status": None, "actor": operator, "at": at}
    post_update(body="Soon.", display_at=maintenance.scheduled_for - MINUTE, **soon)
    for _ in range(3):
        run_due_maintenance(at=at + 9 * HOUR)
        show_due_updates(at=at + 9 * HOUR)
    assert list(maintenance.updates.told().values_list("status", "display_at")) == [
        ("scheduled", at),
        ("scheduled", maintenance.scheduled_for - MINUTE),
        ("in_progress", maintenance.scheduled_for),
        ("completed", maintenance.scheduled_until),
    ]


def test_an_end_that_is_taken_back_leaves_nothing_set_by_hand(page, api, operator, at):
    maintenance = planned(page, [api], at, auto_transition_to_operational_state=False)
    run_due_maintenance(at=at + HOUR)
    end = finish_early(
        maintenance=maintenance, body="", actor=operator, at=at + 2 * HOUR, hold=9999 * 24 * HOUR
    )
    assert api.claims.live().get().source == "manual"
    undo_update(update=end, actor=operator, at=at + 2 * HOUR)
    assert api.claims.live().get().source == f"maintenance:{maintenance.pk}"
    assert status_of(api) is Status.MAINTENANCE


def test_a_plan_cannot_be_moved_for_ever(maintenance, operator, at, settings):
    settings.INCIDENT_UPDATE_LIMIT = 2
    extend(maintenance=maintenance, actor=operator, at=at)
    with pytest.raises(Invalid, match="at most 2 updates"):
        extend(maintenance=maintenance, actor=operator, at=at + MINUTE)
