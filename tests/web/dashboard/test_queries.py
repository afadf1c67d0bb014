"""Every screen costs a fixed number of queries, however many rows it shows."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import open_incident, post_update
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from pages.models import Page
from pages.status import Status
from subscribers.outbox import enqueue
from subscribers.relay import fan_out_all
from tests.factories import ComponentFactory, ComponentGroupFactory, MonitorFactory, PageFactory
from tests.subscribers.factories import make_message, make_subscriber
from tests.web.dashboard.conftest import address

PINNED = {
    "pages": 13,
    "overview": 17,
    "components": 12,
    "incidents": 13,
    "incident": 10,
    "update_new": 13,
    "incident_new": 10,
    "subscribers": 11,
    "deliveries": 10,
    "settings": 7,
}


def fill(page: Page, incident: Incident, actor: Actor, *, times: int) -> None:
    for _ in range(times):
        group = ComponentGroupFactory(page=page)
        component = ComponentFactory(page=page, group=group)
        MonitorFactory(project=page.project, links=[component])
        opened = open_incident(
            page=page,
            name="More",
            body="",
            statuses={component: Status.MAJOR},
            actor=actor,
            at=now(),
        )
        post_update(
            incident=incident,
            status=IncidentStatus.IDENTIFIED,
            body="News",
            statuses={component: Status.PARTIAL},
            actor=actor,
            at=now() + timedelta(seconds=1),
        )
        past = open_incident(page=page, name="Past", body="", statuses={}, actor=actor, at=now())
        post_update(incident=past, status=IncidentStatus.RESOLVED, body="", actor=actor, at=now())
        make_subscriber(page, f"{opened.id}@example.com", component)
        enqueue(page=page, message=make_message(), at=now())
        PageFactory(project=page.project)
    fan_out_all()


def count(desk: Client, name: str, page: Page, incident: Incident) -> int:
    rows = {"pages": [], "incident": [page, incident], "update_new": [page, incident]}
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(address(name, *rows.get(name, [page]))).status_code == 200
    return len(queries)


def test_the_number_of_queries_is_constant(
    desk: Client, page: Page, incident: Incident, operator: Actor
) -> None:
    for times in (1, 4):
        fill(page, incident, operator, times=times)

        assert {name: count(desk, name, page, incident) for name in PINNED} == PINNED
