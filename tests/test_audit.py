"""Every mutation leaves an audit row: who, what, of which project, and that it was done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.actor import SYSTEM, Actor
from accounts.models import ApiToken, AuditEvent, Project, User
from accounts.roles import Action, Role
from incidents import actions as incidents
from incidents.automatic import CheckVerdict, follow_checks
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentTemplate, IncidentUpdate, MaintenanceSeries
from incidents.walltime import parse_local
from monitoring import actions as monitoring
from pages import actions as pages
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from tests.factories import ComponentFactory, UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
READS = {Action.PAGE_VIEW, Action.SUBSCRIBER_VIEW}


class Story:
    """An owner's way through the product; each step is one verb, in an order that works."""

    def __init__(self, project: Project, owner: User) -> None:
        self.project, self.owner = project, owner
        self.by = {"actor": Actor.of(owner), "at": AT}
        self.page: Page
        self.component: Component
        self.incident: Incident
        self.maintenance: Incident
        self.series: MaintenanceSeries
        self.template: IncidentTemplate

    def steps(self) -> dict[Action, Callable[[], object]]:
        return {
            Action.PAGE_CREATE: self.create_page,
            Action.PAGE_UPDATE: lambda: pages.update_page(page=self.page, name="B", **self.by),
            Action.PAGE_PUBLISH: lambda: pages.publish_page(page=self.page, **self.by),
            Action.COMPONENT_CREATE: self.create_component,
            Action.COMPONENT_UPDATE: lambda: pages.update_component(
                component=self.component, name="API", **self.by
            ),
            Action.COMPONENT_SET_STATUS: lambda: incidents.set_component_status(
                component=self.component, status=Status.DEGRADED, **self.by
            ),
            Action.INCIDENT_CREATE: self.open_incident,
            Action.UPDATE_EDIT: lambda: incidents.edit_update(
                update=self.incident.updates.get(), body="Better.", **self.by
            ),
            Action.UPDATE_DELETE: lambda: incidents.delete_update(
                update=self.say("identified"), **self.by
            ),
            Action.UPDATE_UNDO: lambda: incidents.undo_update(
                update=self.say("monitoring", hold=timedelta(days=9999)), **self.by
            ),
            Action.INCIDENT_DELETE: self.delete_incident,
            Action.INCIDENT_UPDATE: lambda: incidents.post_update(
                incident=self.incident, status=IncidentStatus.RESOLVED, body="", **self.by
            ),
            Action.INCIDENT_PUBLISH: lambda: incidents.publish_draft(
                incident=self.draft(AT), **self.by
            ),
            Action.INCIDENT_DISMISS: lambda: incidents.dismiss_draft(
                incident=self.draft(AT + timedelta(hours=1)), **self.by
            ),
            Action.MAINTENANCE_SCHEDULE: self.schedule,
            Action.MAINTENANCE_RESCHEDULE: lambda: incidents.extend(
                maintenance=self.maintenance, **self.by
            ),
            Action.MAINTENANCE_CANCEL: lambda: incidents.cancel_maintenance(
                maintenance=self.maintenance, body="", **self.by
            ),
            Action.SERIES_CREATE: self.create_series,
            Action.SERIES_UPDATE: lambda: incidents.update_series(
                series=self.series, name="Often", **self.by
            ),
            Action.SERIES_END: lambda: incidents.end_series(series=self.series, **self.by),
            Action.TEMPLATE_CREATE: self.create_template,
            Action.TEMPLATE_UPDATE: lambda: incidents.update_template(
                template=self.template, name="S", **self.by
            ),
            Action.TEMPLATE_DELETE: lambda: incidents.delete_template(
                template=self.template, **self.by
            ),
            Action.POSTMORTEM_WRITE: lambda: incidents.save_postmortem(
                incident=self.incident, body="A cable.", **self.by
            ),
            Action.POSTMORTEM_PUBLISH: lambda: incidents.publish_postmortem(
                incident=self.incident, **self.by
            ),
            Action.MONITOR_CREATE: self.create_monitor,
            Action.MONITOR_UPDATE: lambda: monitoring.update_monitor(
                monitor=self.monitor, name="M", **self.by
            ),
            Action.MONITOR_DELETE: lambda: monitoring.delete_monitor(
                monitor=self.monitor, **self.by
            ),
            Action.UPTIME_RECLASSIFY: self.reclassify,
            Action.COMPONENT_DELETE: lambda: monitoring.delete_component(
                component=self.component, **self.by
            ),
            Action.PAGE_ARCHIVE: lambda: pages.archive_page(page=self.page, **self.by),
            Action.MEMBER_UPDATE: lambda: accounts.add_member(
                project=self.project, user=UserFactory(), role=Role.VIEWER, **self.by
            ),
            Action.TOKEN_CREATE: lambda: accounts.issue_token(user=self.owner, name="t", **self.by),
            Action.TOKEN_REVOKE: lambda: accounts.revoke_token(
                token=ApiToken.objects.get(), **self.by
            ),
        }

    def create_page(self) -> None:
        self.page = pages.create_page(project=self.project, name="A", **self.by)

    def create_component(self) -> None:
        self.component = pages.create_component(page=self.page, name="Web", **self.by)

    def create_template(self) -> None:
        self.template = incidents.create_template(
            page=self.page, use="update", name="T", title="T", body="B", **self.by
        )

    def reclassify(self) -> None:
        old = pages.create_component(
            page=self.page, name="Old", actor=SYSTEM, at=AT - timedelta(hours=2)
        )
        pages.reclassify(
            component=old,
            since=old.created_at,
            until=AT,
            kind="maintenance",
            reason="We moved.",
            **self.by,
        )

    def open_incident(self) -> None:
        self.incident = incidents.open_incident(
            page=self.page, name="I", body="", statuses={}, **self.by
        )

    def schedule(self) -> None:
        self.maintenance = incidents.schedule_maintenance(
            page=self.page,
            name="M",
            body="",
            components=[],
            starts_at=AT + timedelta(days=1),
            ends_at=AT + timedelta(days=2),
            **self.by,
        )

    def create_series(self) -> None:
        self.series = incidents.create_series(
            page=self.page,
            name="S",
            body="",
            rule="FREQ=YEARLY",
            first_start=parse_local("2026-11-29T02:00"),
            minutes=60,
            components=[],
            **self.by,
        )

    def say(self, status: str, **options: Any) -> IncidentUpdate:
        return incidents.post_update(
            incident=self.incident,
            status=IncidentStatus(status),
            body=status,
            **options,
            **self.by,
        )

    def delete_incident(self) -> None:
        other = incidents.open_incident(
            page=self.page, name="Other", body="", statuses={}, **self.by
        )
        incidents.delete_incident(incident=other, **self.by)

    def create_monitor(self) -> None:
        self.monitor = monitoring.create_monitor(
            project=self.project, name="W", url="https://example.com/", **self.by
        )

    def draft(self, since: datetime) -> Incident:
        component = pages.create_component(page=self.page, name="Other", **self.by)
        with changing(self.page.pk) as [page]:
            verdict = CheckVerdict(component.pk, Status.MAJOR, since)
            follow_checks(page=page, verdicts=[verdict], at=since)
        return Incident.objects.drafts().get()


def test_every_mutation_leaves_a_row_of_its_own(project, owner):
    story = Story(project, owner).steps()
    for action, step in story.items():
        before = AuditEvent.objects.filter(action=action, user=owner).count()
        step()
        row = AuditEvent.objects.filter(action=action).latest("pk")
        assert AuditEvent.objects.filter(action=action, user=owner).count() > before, action
        assert (row.outcome, row.at, row.actor) == ("done", AT, owner.email), action
        if action not in {Action.TOKEN_CREATE, Action.TOKEN_REVOKE}:
            assert (row.project, row.organization) == (project, project.organization), action


def test_what_monitoring_does_by_itself_is_audited_step_by_step(page, component):
    other = ComponentFactory(page=page)
    said = []

    def follow(each: Component, status: Status, minute: int) -> None:
        at = AT + timedelta(minutes=minute)
        with changing(page.pk) as [locked]:
            follow_checks(page=locked, verdicts=[CheckVerdict(each.pk, status, at)], at=at)
        rows = AuditEvent.objects.filter(at=at).order_by("pk").values_list("actor", "action")
        said.append(list(rows))

    Page.objects.filter(pk=page.pk).update(auto_publish_after=0)
    Component.objects.update(created_at=AT - timedelta(days=1))
    follow(component, Status.MAJOR, 0)
    follow(other, Status.MAJOR, 1)
    follow(component, Status.OPERATIONAL, 2)
    follow(other, Status.OPERATIONAL, 3)
    changed, update = ("monitor", "component.set_status"), ("monitor", "incident.update")
    opened = [("monitor", "incident.create"), ("monitor", "incident.publish")]
    assert said[0] == [changed, *opened]
    assert said[1] == [changed, update]
    assert update in said[2]
    assert update in said[3]


def test_the_end_of_a_pin_is_audited(page, owner, component):
    until = AT + timedelta(hours=1)
    Component.objects.update(created_at=AT - timedelta(days=1))
    incidents.set_component_status(
        component=component,
        status=Status.MAJOR,
        actor=Actor.of(owner),
        at=AT,
        pin_until=until,
    )
    incidents.expire_pins(at=until)
    row = AuditEvent.objects.get(at=until)
    assert (row.actor, row.action) == ("system", "component.set_status")
    assert row.detail == {"status": "operational"}


def test_no_action_is_left_out(project, owner):
    """Organizations and accounts are made by the command line: tests/accounts/test_actions.py."""
    by_command = {Action.ORGANIZATION_CREATE, Action.USER_CREATE}
    assert Story(project, owner).steps().keys() == set(Action) - READS - by_command
