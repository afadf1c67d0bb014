"""Two connections at once: the page's lock makes them one story."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents.actions import (
    Invalid,
    Repeated,
    expire_pins,
    post_update,
    publish_due_drafts,
    set_component_status,
)
from incidents.automatic import open_untold
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from incidents.recovery import settle_recovered
from pages.actions import delete_component
from pages.models import Page, StatusClaim
from pages.status import Status
from subscribers.models import Notification
from tests.incidents.checks import fail

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Runs each call on a connection of its own, all started together."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait(timeout=10)
        try:
            return call()
        except (Invalid, Repeated) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_failures_at_once_open_one_incident(page, api, web, at):
    at_once(lambda: fail(api, at), lambda: fail(web, at))
    assert Incident.objects.get().affected.count() == 2


def test_the_same_failure_twice_claims_once(page, api, at):
    at_once(*[lambda: fail(api, at)] * 2)
    assert Incident.objects.count() == 1
    assert StatusClaim.objects.filter(source="checks").count() == 1


def test_two_ticks_publish_a_draft_once(page, api, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=1)
    fail(api, at)
    due = Incident.objects.get().publish_at
    done = at_once(*[lambda: publish_due_drafts(at=due)] * 2)
    assert sorted(done) == [0, 1]
    assert Notification.objects.filter(kind="incident_created").count() == 1


@pytest.fixture
def incident(page, api, at):
    Page.objects.filter(pk=page.pk).update(auto_publish_after=0)
    fail(api, at)
    return Incident.objects.get()


def resolve(incident, actor, at):
    return post_update(
        incident=incident, status=IncidentStatus.RESOLVED, body="", actor=actor, at=at
    )


def test_of_two_operators_who_resolve_at_once_one_is_told_so(incident, operator, editor, at):
    answers = at_once(
        lambda: resolve(incident, operator, at), lambda: resolve(incident, Actor.of(editor), at)
    )
    assert sum(isinstance(answer, Invalid) for answer in answers) == 1
    assert Notification.objects.filter(kind="incident_resolved").count() == 1


def test_two_ticks_open_what_is_untold_once(incident, operator, at):
    resolve(incident, operator, at)
    later = at + timedelta(minutes=11)
    at_once(*[lambda: open_untold(at=later)] * 2)
    assert Incident.objects.open().count() == 1
    assert Notification.objects.filter(kind="incident_created").count() == 2


def test_two_ticks_settle_what_is_left_over_once(incident, api, operator, at):
    delete_component(component=api, actor=operator, at=at)
    later = at + timedelta(minutes=1)
    at_once(*[lambda: settle_recovered(at=later)] * 2)
    assert Notification.objects.filter(kind="incident_resolved").count() == 1


def test_two_ticks_end_a_pin_once(api, operator, at):
    until = at + timedelta(hours=1)
    set_component_status(component=api, status=Status.MAJOR, actor=operator, at=at, pin_until=until)
    done = at_once(*[lambda: expire_pins(at=until)] * 2)
    assert sorted(done) == [0, 1]
    assert AuditEvent.objects.filter(object_id=api.pk, actor="system").count() == 1


def test_a_double_click_resolves_once(incident, operator, at):
    answers = at_once(*[lambda: resolve(incident, operator, at)] * 2)
    (repeated,) = [answer for answer in answers if isinstance(answer, Repeated)]
    assert repeated.row in answers
    assert Notification.objects.filter(kind="incident_resolved").count() == 1
