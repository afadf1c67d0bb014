"""A page with a story, made by the same verbs that people use."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actor import Actor
from incidents.actions import open_incident, post_update, write_draft
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident
from incidents.templates import give_defaults
from pages.models import Component, Page
from pages.status import Status
from subscribers import requests
from subscribers.actions import request_subscription
from subscribers.models import Delivery, Subscriber
from subscribers.relay import fan_out_all
from tests.factories import ComponentFactory, ComponentGroupFactory, MonitorFactory


@dataclass(frozen=True, slots=True)
class Scene:
    page: Page
    components: list[Component]
    incident: Incident
    past: Incident
    draft: Incident


def outage(page: Page, actor: Actor, *, at: datetime) -> Scene:
    """A page with groups, subscribers, templates; an incident that is over, one open, a draft."""
    began = at - timedelta(minutes=50)
    components = _components(page, since=at - timedelta(days=3))
    _subscribers(page, at=at)
    give_defaults(page, at=at)
    past = open_incident(
        page=page,
        name="Slow card payments",
        body="Payments take up to a minute.",
        statuses={components[0]: Status.DEGRADED},
        actor=actor,
        at=at - timedelta(days=2),
    )
    post_update(
        incident=past,
        status=IncidentStatus.RESOLVED,
        body="Payments are quick again.",
        actor=actor,
        at=at - timedelta(days=2) + timedelta(minutes=67),
    )
    incident = open_incident(
        page=page,
        name="Declined card payments in Europe",
        body="Some card payments in Europe are declined.",
        statuses={components[0]: Status.PARTIAL, components[3]: Status.DEGRADED},
        actor=actor,
        at=began,
    )
    post_update(
        incident=incident,
        status=IncidentStatus.IDENTIFIED,
        body="Half of the European traffic now runs over the **second connection**.\n\n"
        "- failures are down from 17% to 6%\n- payouts work",
        actor=actor,
        at=began + timedelta(minutes=41),
    )
    fan_out_all()
    Delivery.objects.update(state=Delivery.State.SENT, sent_at=at, attempts=1)
    incident.refresh_from_db()
    draft = write_draft(
        page=page, name="Slow payouts", body="They are slow.", statuses={}, actor=actor, at=at
    )
    return Scene(page=page, components=components, incident=incident, past=past, draft=draft)


def _components(page: Page, *, since: datetime) -> list[Component]:
    names = {
        "Payments": ["Card payments", "Bank transfers", "Digital wallets"],
        "Developers": ["Webhook delivery", "Reporting API"],
    }
    made = []
    for position, (group_name, members) in enumerate(names.items()):
        group = ComponentGroupFactory(page=page, name=group_name, position=position)
        for name in members:
            component = ComponentFactory(
                page=page, group=group, name=name, created_at=since, position=len(made)
            )
            made.append(component)
    MonitorFactory(project=page.project, name="Card authorisation", links=[made[0]])
    return made


def _subscribers(page: Page, *, at: datetime) -> None:
    for name in ("ops", "finance", "sre", "j.lindqvist"):
        request_subscription(
            page=page, email=f"{name}@brightwater.example", component_ids=[], at=at
        )
    requests.decide_all(at=at)
    pending = Subscriber.objects.order_by("created_at").last()
    Subscriber.objects.exclude(pk=pending.pk).update(verified_at=at)
