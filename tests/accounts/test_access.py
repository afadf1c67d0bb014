"""Who may do what, for every role and every action."""

import logging
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction

from accounts.access import Refused, note_hidden, require, require_self, role_of
from accounts.actor import MONITOR, SYSTEM, Actor
from accounts.models import AuditEvent
from accounts.roles import Action, Role
from tests.factories import (
    OrganizationMembershipFactory,
    ProjectFactory,
    ProjectMembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

# Written out on purpose: a change of the product's table must be repeated here.
#                          owner  editor viewer
EXPECTED: dict[str, tuple[bool, bool, bool]] = {
    "organization.create": (True, False, False),
    "user.create": (True, False, False),
    "page.view": (True, True, True),
    "page.create": (True, True, False),
    "page.update": (True, True, False),
    "page.publish": (True, False, False),
    "page.archive": (True, False, False),
    "component.create": (True, True, False),
    "component.update": (True, True, False),
    "component.delete": (True, True, False),
    "component.set_status": (True, True, False),
    "incident.create": (True, True, False),
    "incident.update": (True, True, False),
    "incident.publish": (True, True, False),
    "incident.dismiss": (True, True, False),
    "incident.delete": (True, True, False),
    "update.edit": (True, True, False),
    "update.delete": (True, True, False),
    "update.undo": (True, True, False),
    "maintenance.schedule": (True, True, False),
    "maintenance.reschedule": (True, True, False),
    "maintenance.cancel": (True, True, False),
    "series.create": (True, True, False),
    "series.update": (True, True, False),
    "series.end": (True, True, False),
    "template.create": (True, True, False),
    "template.update": (True, True, False),
    "template.delete": (True, True, False),
    "postmortem.write": (True, True, False),
    "postmortem.publish": (True, True, False),
    "uptime.reclassify": (True, True, False),
    "monitor.create": (True, True, False),
    "monitor.update": (True, True, False),
    "monitor.delete": (True, True, False),
    "subscriber.view": (True, True, True),
    "member.update": (True, False, False),
    "token.create": (True, True, True),
    "token.revoke": (True, True, True),
}
ROLES = (Role.OWNER, Role.EDITOR, Role.VIEWER)
CASES = [
    (role, action, permitted)
    for action, columns in EXPECTED.items()
    for role, permitted in zip(ROLES, columns, strict=True)
]
AT = datetime(2026, 5, 4, 10, 30, 15, tzinfo=UTC)


def test_the_table_above_names_every_action_and_every_role():
    assert set(EXPECTED) == set(Action)
    assert set(ROLES) == set(Role)


@pytest.mark.parametrize(("role", "action", "permitted"), CASES)
def test_each_role_may_do_exactly_what_the_table_says(project, role, action, permitted, caplog):
    user = ProjectMembershipFactory(project=project, role=role).user

    if permitted:
        require(Actor.of(user), Action(action), project)
        assert not AuditEvent.objects.filter(outcome="refused").exists()
        return

    with caplog.at_level(logging.WARNING), pytest.raises(Refused):
        require(Actor.of(user), Action(action), project)
    row = AuditEvent.objects.get(outcome="refused")
    assert (row.user, row.actor, row.action) == (user, user.email, action)
    assert (row.object_type, row.object_id) == ("project", str(project.pk))
    assert (row.project, row.organization) == (project, project.organization)
    assert f"[SECURITY] refused user={user.pk} action={action}" in caplog.text
    assert user.email not in caplog.text


@pytest.mark.parametrize("action", list(Action))
def test_strangers_may_do_nothing(project, stranger, action):
    with pytest.raises(Refused) as refusal:
        require(Actor.of(stranger), action, project)
    assert refusal.value.role is None


@pytest.mark.parametrize("actor", [SYSTEM, MONITOR])
@pytest.mark.parametrize("action", list(Action))
def test_the_product_itself_may_do_everything(project, actor, action):
    require(actor, action, project)


def test_owning_the_organization_owns_its_projects(project, owner):
    assert role_of(owner, project) is Role.OWNER


def test_plain_membership_of_the_organization_reads(project):
    member = OrganizationMembershipFactory(organization=project.organization).user
    assert role_of(member, project) is Role.VIEWER


def test_a_project_role_adds_to_plain_membership(project):
    member = OrganizationMembershipFactory(organization=project.organization).user
    ProjectMembershipFactory(project=project, user=member, role=Role.EDITOR)
    assert role_of(member, project) is Role.EDITOR


def test_a_role_ends_with_its_project(project):
    elsewhere = ProjectFactory(organization=project.organization, is_default=False)
    guest = ProjectMembershipFactory(project=elsewhere, role=Role.OWNER).user
    assert role_of(guest, project) is None


def test_a_disabled_account_has_no_role(project, owner):
    owner.is_active = False
    assert role_of(owner, project) is None


def test_refusals_of_one_minute_are_counted_in_one_row(project, viewer):
    with time_machine.travel(AT, tick=False) as clock:
        for _ in range(3):
            with pytest.raises(Refused):
                require(Actor.of(viewer), Action.PAGE_UPDATE, project)
            clock.shift(timedelta(seconds=10))
        clock.shift(timedelta(minutes=1))
        with pytest.raises(Refused):
            require(Actor.of(viewer), Action.PAGE_UPDATE, project)

    rows = AuditEvent.objects.filter(outcome="refused").order_by("at")
    assert [(row.count, row.at) for row in rows] == [
        (3, AT + timedelta(seconds=20)),
        (1, AT + timedelta(seconds=90)),
    ]


def test_refusals_about_different_objects_are_different_rows(project, viewer):
    for obj in (None, project.organization):
        with pytest.raises(Refused):
            require(Actor.of(viewer), Action.PAGE_UPDATE, project, obj=obj)
    rows = AuditEvent.objects.filter(outcome="refused")
    assert {row.object_type for row in rows} == {"project", "organization"}


@pytest.mark.django_db(transaction=True)
def test_a_refusal_inside_a_transaction_fails_loudly_instead_of_being_rolled_back(project, viewer):
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        require(Actor.of(viewer), Action.PAGE_UPDATE, project)


def test_asking_for_something_hidden_is_kept(stranger, caplog):
    thing = str(uuid.uuid4())
    note_hidden(Actor.of(stranger), Action.INCIDENT_UPDATE, "incident", thing)
    row = AuditEvent.objects.get(outcome="refused")
    assert (row.object_type, row.object_id, row.project) == ("incident", thing, None)
    assert "[SECURITY]" in caplog.text


def test_a_persons_own_things_are_refused_to_others():
    one, other = UserFactory(), UserFactory()
    require_self(Actor.of(one), Action.TOKEN_CREATE, one)
    require_self(SYSTEM, Action.TOKEN_CREATE, one)
    with pytest.raises(Refused):
        require_self(Actor.of(other), Action.TOKEN_CREATE, one)
    assert AuditEvent.objects.get(outcome="refused").object_id == str(one.pk)
