"""Who is told of something: one answer for the fan-out, for counts and for previews."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Project, User
from accounts.roles import Role
from pages.models import Page
from subscribers.models import Subscriber, SubscriberQuerySet


@dataclass(frozen=True, slots=True)
class Reach:
    """How many are told, by mode; how many would be, were they not quarantined.

    `left_out` are the active subscribers who chose other components only.
    """

    by_mode: dict[str, int]
    quarantined: int
    left_out: int

    @property
    def total(self) -> int:
        return sum(self.by_mode.values())


def followers(page: Page, component_ids: Collection[UUID] | None = None) -> QuerySet[Subscriber]:
    """The active subscribers who follow everything or one of the components.

    None is news of the whole page, hence for every active subscriber; no components at all
    concern those who follow everything.
    """
    return _interested(page, component_ids).active()


def reach(page: Page, component_ids: Collection[UUID] | None = None) -> Reach:
    """How many `followers` there are, and who is not among them. Two queries.

    What is not published is told to nobody: that is for the caller to know.
    """
    willing = _interested(page, component_ids).willing()
    rows = willing.annotate(broken=Q(quarantined_at__isnull=False))
    counts = list(rows.values_list("mode", "broken").annotate(Count("pk")))
    by_mode = {mode: count for mode, broken, count in counts if not broken}
    return Reach(
        by_mode=by_mode,
        quarantined=sum(count for _, broken, count in counts if broken),
        left_out=followers(page).count() - sum(by_mode.values()),
    )


def _interested(page: Page, component_ids: Collection[UUID] | None) -> SubscriberQuerySet:
    """Who chose this news, whether or not it can be sent to them."""
    everybody = Subscriber.objects.filter(page=page)
    if component_ids is None:
        return everybody
    chosen = Subscriber.components.through.objects.filter(
        subscriber_id=OuterRef("pk"), component_id__in=list(component_ids)
    )
    return everybody.filter(Q(follows_all=True) | Exists(chosen))


def operators(project: Project) -> QuerySet[User]:
    """The people who can act on the project's pages."""
    return _operators_of(project.pk, project.organization_id)


def may_operate() -> Exists:
    """On rows with an `operator` and a `page`: whether that person can still act on it."""
    people = _operators_of(OuterRef("page__project_id"), OuterRef("page__project__organization_id"))
    return Exists(people.filter(pk=OuterRef("operator_id")))


def _operators_of(project_id: UUID | OuterRef, organization_id: UUID | OuterRef) -> QuerySet[User]:
    return User.objects.filter(
        Q(
            project_memberships__project=project_id,
            project_memberships__role__in=[Role.OWNER, Role.EDITOR],
        )
        | Q(
            organization_memberships__organization=organization_id,
            organization_memberships__is_owner=True,
        ),
        is_active=True,
    ).distinct()
