"""Which stories still name a component."""

import pytest

from incidents.actions import cancel_maintenance, open_incident, post_update, run_due_maintenance
from incidents.lifecycle import IncidentStatus
from incidents.reads import stories_of
from pages.status import Status
from tests.incidents.checks import fail
from tests.incidents.maintenances import HOUR, planned

pytestmark = pytest.mark.django_db


def test_what_is_open_planned_or_drafted_names_its_components(page, api, web, operator, at):
    fail(api, at)
    incident = open_incident(
        page=page, name="I", body="", statuses={api: Status.PARTIAL}, actor=operator, at=at
    )
    maintenance = planned(page, [api], at)
    assert stories_of(api).count() == 3
    assert set(stories_of(api)) > {incident, maintenance}
    assert not stories_of(web).exists()


def test_what_is_over_names_nothing(page, api, operator, at):
    incident = open_incident(
        page=page, name="I", body="", statuses={api: Status.PARTIAL}, actor=operator, at=at
    )
    post_update(
        incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=at + HOUR
    )
    cancelled = planned(page, [api], at)
    cancel_maintenance(maintenance=cancelled, body="", actor=operator, at=at)
    planned(page, [api], at, name="Done")
    run_due_maintenance(at=at + 9 * HOUR)
    assert not stories_of(api).exists()
