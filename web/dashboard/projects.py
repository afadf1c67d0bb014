"""In which projects somebody may do something: `accounts.access.role_of`, for many at once."""

from django.db.models import Q, QuerySet

from accounts.models import Project, User
from accounts.roles import Action, Role, allows


def permitting(user: User, action: Action) -> QuerySet[Project]:
    strong_enough = [role for role in Role if allows(role, action)]
    by_role = Q(memberships__user=user, memberships__role__in=strong_enough)
    by_organization = Q(organization__memberships__user=user)
    if Role.VIEWER not in strong_enough:
        by_organization &= Q(organization__memberships__is_owner=True)
    found = Project.objects.filter(by_role | by_organization).select_related("organization")
    return found.distinct().order_by("name", "id")
