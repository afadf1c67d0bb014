"""People and projects for tests."""

from django.utils.timezone import now

from accounts.actions import create_organization
from accounts.models import Organization, OrganizationMembership, Project, ProjectMembership, User
from accounts.roles import Role


def person(email: str = "olga@example.com", **fields: object) -> User:
    return User.objects.create_user(email, "correct horse battery", **fields)


def organization(name: str = "Acme", owner: User | None = None) -> Organization:
    return create_organization(
        name=name, owner=owner or person(f"owner-of-{name.lower()}@example.com"), at=now()
    )


def default_project(of: Organization) -> Project:
    return of.projects.get(is_default=True)


def with_role(role: Role, project: Project, email: str = "") -> User:
    """A person who holds `role` in `project` and nothing in its organization."""
    user = person(email or f"{role}@example.com")
    ProjectMembership.objects.create(project=project, user=user, role=role)
    return user


def plain_member(of: Organization, email: str = "member@example.com") -> User:
    user = person(email)
    OrganizationMembership.objects.create(organization=of, user=user)
    return user
