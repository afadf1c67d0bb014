"""Every screen costs a fixed number of queries, however many rows it shows."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.actions import open_incident, post_update, write_draft
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from incidents.templates import give_defaults
from pages.models import Page
from pages.status import Status
from subscribers.outbox import enqueue
from subscribers.relay import fan_out_all
from tests.factories import ComponentFactory, ComponentGroupFactory, MonitorFactory, PageFactory
from tests.subscribers.factories import make_message, make_subscriber
from tests.web.dashboard.conftest import address

PINNED = {
    "pages": 14,
    "overview": 19,
    "components": 13,
    "incidents": 16,
    "incident": 13,
    "update_new": 21,
    "incident_new": 18,
    "incident_settings": 9,
    "backfill": 9,
    "postmortem": 13,
    "templates": 9,
    "update_edit": 10,
    "subscribers": 12,
    "deliveries": 11,
    "settings": 8,
}


OF_AN_INCIDENT = {"incident", "update_new", "incident_settings", "postmortem"}


def fill(page: Page, incident: Incident, actor: Actor, *, times: int) -> None:
    for name in (f"{times}.{number}" for number in range(times)):
        group = ComponentGroupFactory(page=page)
        component = ComponentFactory(page=page, group=group)
        MonitorFactory(project=page.project, links=[component])
        opened = open_incident(
            page=page,
            name=f"More {name}",
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
        past = open_incident(
            page=page, name=f"Past {name}", body="", statuses={}, actor=actor, at=now()
        )
        post_update(incident=past, status=IncidentStatus.RESOLVED, body="", actor=actor, at=now())
        make_subscriber(page, f"{opened.id}@example.com", component)
        enqueue(page=page, message=make_message(), at=now())
        write_draft(page=page, name=f"Draft {name}", body="", statuses={}, actor=actor, at=now())
        PageFactory(project=page.project)
    fan_out_all()


def count(desk: Client, name: str, page: Page, incident: Incident) -> int:
    rows = {
        "pages": [],
        "update_edit": [page, incident, incident.updates.earliest("created_at")],
        **{one: [page, incident] for one in OF_AN_INCIDENT},
    }
    url = address(name, *rows.get(name, [page]))
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url).status_code == 200
    return len(queries)


def test_the_number_of_queries_is_constant(
    desk: Client, page: Page, incident: Incident, operator: Actor
) -> None:
    give_defaults(page, at=now())
    for times in (1, 4):
        fill(page, incident, operator, times=times)

        assert {name: count(desk, name, page, incident) for name in PINNED} == PINNED
