"""Setting a component's status by hand."""

from datetime import timedelta

import pytest

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents.actions import (
    Invalid,
    expire_pins,
    open_incident,
    post_update,
    set_component_status,
)
from incidents.lifecycle import IncidentStatus
from pages.models import StatusClaim
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.checks import fail

pytestmark = pytest.mark.django_db


def status_of(component):
    component.refresh_from_db()
    return Status(component.status)


def notices():
    return Notification.objects.filter(kind="component_changed")


def test_a_status_by_hand_is_a_claim_and_a_notice(api, operator, at):
    answer = set_component_status(component=api, status=Status.DEGRADED, actor=operator, at=at)
    assert not answer.pinned
    assert (answer.change.old, answer.change.new) == (Status.OPERATIONAL, Status.DEGRADED)
    assert status_of(api) is Status.DEGRADED
    assert notices().get().hold_until == at + timedelta(minutes=2)
    assert AuditEvent.objects.filter(action="component.set_status").count() == 1


def test_operational_without_other_claims_ends_the_manual_one(api, operator, at):
    set_component_status(component=api, status=Status.DEGRADED, actor=operator, at=at)
    later = at + timedelta(seconds=30)
    answer = set_component_status(
        component=api, status=Status.OPERATIONAL, actor=operator, at=later
    )
    assert answer.claims == []
    assert StatusClaim.objects.get(component=api).ended_at == later
    assert not notices().exists()


def test_contradicting_a_live_claim_makes_a_pin_and_shows_the_claims(page, api, operator, at):
    fail(api, at)
    answer = set_component_status(component=api, status=Status.OPERATIONAL, actor=operator, at=at)
    assert answer.pinned
    assert {claim.source for claim in answer.claims} >= {"manual", "checks"}
    assert status_of(api) is Status.OPERATIONAL


def test_a_pin_expires_at_its_time(page, api, operator, at):
    fail(api, at)
    until = at + timedelta(minutes=10)
    set_component_status(
        component=api, status=Status.OPERATIONAL, actor=operator, at=at, pin_until=until
    )
    assert expire_pins(at=until - timedelta(seconds=1)) == 0
    assert expire_pins(at=until + timedelta(seconds=3)) == 1
    assert status_of(api) is Status.MAJOR
    assert StatusClaim.objects.get(component=api, source="manual").ended_at == until
    assert expire_pins(at=until + timedelta(seconds=4)) == 0


def test_a_pin_cannot_end_in_the_past(api, operator, at):
    with pytest.raises(Invalid):
        set_component_status(
            component=api, status=Status.MAJOR, actor=operator, at=at, pin_until=at
        )
    assert not StatusClaim.objects.exists()


def test_a_component_of_an_open_incident_is_not_told_separately(page, api, operator, at):
    incident = open_incident(
        page=page, name="One", body="", statuses={api: Status.DEGRADED}, actor=operator, at=at
    )
    set_component_status(component=api, status=Status.MAJOR, actor=operator, at=at)
    assert not notices().exists()
    post_update(incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=at)
    set_component_status(component=api, status=Status.PARTIAL, actor=operator, at=at)
    assert notices().count() == 1


def test_an_incident_takes_over_the_notice_of_its_component(page, api, web, operator, at):
    set_component_status(component=api, status=Status.DEGRADED, actor=operator, at=at)
    set_component_status(component=web, status=Status.DEGRADED, actor=operator, at=at)
    open_incident(
        page=page, name="One", body="", statuses={api: Status.MAJOR}, actor=operator, at=at
    )
    assert [fact["component"] for fact in notices().get().message["facts"]] == ["Web"]


def test_a_viewer_may_not(api, viewer, at):
    with pytest.raises(Refused):
        set_component_status(component=api, status=Status.MAJOR, actor=Actor.of(viewer), at=at)
    assert not StatusClaim.objects.exists()
