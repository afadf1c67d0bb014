"""Rows for tests. A factory writes one row and nothing else: no claim, no interval, no audit.

Where history or consequences matter, call the action instead.
"""

from datetime import timedelta

import factory
from django.utils.timezone import now
from factory.django import DjangoModelFactory, Password

from accounts.models import (
    Organization,
    OrganizationMembership,
    Project,
    ProjectMembership,
    User,
)
from accounts.roles import Role
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from monitoring.models import ComponentMonitor, Monitor
from pages.models import Component, ComponentGroup, Page

PASSWORD = "correct horse battery staple"


class UserFactory(DjangoModelFactory[User]):
    """Signs in with PASSWORD; belongs to nothing."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    password = Password(PASSWORD)


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Organization {n}")


class ProjectFactory(DjangoModelFactory[Project]):
    """The default project of a new organization."""

    class Meta:
        model = Project

    organization = factory.SubFactory(OrganizationFactory)
    name = "Default"
    is_default = True


class OrganizationMembershipFactory(DjangoModelFactory[OrganizationMembership]):
    class Meta:
        model = OrganizationMembership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)


class ProjectMembershipFactory(DjangoModelFactory[ProjectMembership]):
    class Meta:
        model = ProjectMembership

    project = factory.SubFactory(ProjectFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.EDITOR


class PageFactory(DjangoModelFactory[Page]):
    """A published page; `PageFactory(project=...)` puts it into a project."""

    class Meta:
        model = Page

    project = factory.SubFactory(ProjectFactory)
    organization = factory.SelfAttribute("project.organization")
    name = factory.Sequence(lambda n: f"Page {n}")
    subdomain = factory.Sequence(lambda n: f"page-{n}")
    status = Page.State.PUBLISHED


class ComponentGroupFactory(DjangoModelFactory[ComponentGroup]):
    class Meta:
        model = ComponentGroup

    page = factory.SubFactory(PageFactory)
    name = factory.Sequence(lambda n: f"Group {n}")


class ComponentFactory(DjangoModelFactory[Component]):
    class Meta:
        model = Component

    page = factory.SubFactory(PageFactory)
    name = factory.Sequence(lambda n: f"Component {n}")
    slug = factory.Sequence(lambda n: f"component-{n}")


class MonitorFactory(DjangoModelFactory[Monitor]):
    """`MonitorFactory(project=..., links=[component, ...])` links it to components."""

    class Meta:
        model = Monitor
        skip_postgeneration_save = True

    project = factory.SubFactory(ProjectFactory)
    name = factory.Sequence(lambda n: f"Monitor {n}")
    url = "http://127.0.0.1:1/"

    @factory.post_generation
    def links(self: Monitor, create: bool, extracted: list[Component] | None) -> None:
        for component in extracted or []:
            ComponentMonitor.objects.create(component=component, monitor=self)


class IncidentFactory(DjangoModelFactory[Incident]):
    """An open incident without updates and without claims."""

    class Meta:
        model = Incident

    page = factory.SubFactory(PageFactory)
    name = factory.Sequence(lambda n: f"Incident {n}")
    status = IncidentStatus.INVESTIGATING
    impact = Impact.MINOR
    started_at = factory.LazyFunction(now)
    published_at = factory.SelfAttribute("started_at")


class MaintenanceFactory(IncidentFactory):
    """A maintenance tomorrow, for an hour, without updates and without claims."""

    name = factory.Sequence(lambda n: f"Maintenance {n}")
    status = IncidentStatus.SCHEDULED
    impact = Impact.MAINTENANCE
    scheduled_for = factory.LazyFunction(lambda: now() + timedelta(days=1))
    scheduled_until = factory.LazyAttribute(lambda row: row.scheduled_for + timedelta(hours=1))
    started_at = factory.SelfAttribute("scheduled_for")
    published_at = factory.LazyFunction(now)


class IncidentUpdateFactory(DjangoModelFactory[IncidentUpdate]):
    """A published update that repeats its incident's status."""

    class Meta:
        model = IncidentUpdate

    incident = factory.SubFactory(IncidentFactory)
    status = factory.SelfAttribute("incident.status")
    body = "We look."
    display_at = factory.LazyFunction(now)
    published_at = factory.SelfAttribute("display_at")
