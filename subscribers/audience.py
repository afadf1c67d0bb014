"""Who is told of something: one answer for the fan-out, for counts and for previews."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Project, User
from accounts.roles import Role
from pages.models import Page
from subscribers.models import Subscriber


def followers(page: Page, component_ids: Collection[UUID] | None = None) -> QuerySet[Subscriber]:
    """The active subscribers who follow everything or one of the components.

    None is news of the whole page, hence for every active subscriber; no components at all
    concern those who follow everything.
    """
    active = Subscriber.objects.filter(page=page).active()
    if component_ids is None:
        return active
    chosen = Subscriber.components.through.objects.filter(
        subscriber_id=OuterRef("pk"), component_id__in=list(component_ids)
    )
    return active.filter(Q(follows_all=True) | Exists(chosen))


def operators(project: Project) -> QuerySet[User]:
    """The people who can act on the project's pages."""
    return User.objects.filter(
        Q(
            project_memberships__project=project,
            project_memberships__role__in=[Role.OWNER, Role.EDITOR],
        )
        | Q(
            organization_memberships__organization=project.organization_id,
            organization_memberships__is_owner=True,
        ),
        is_active=True,
    ).distinct()
