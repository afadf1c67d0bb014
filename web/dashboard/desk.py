"""A page as one operator has it before them: the page, their role, the moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.access import note_hidden, require, role_of
from accounts.actor import Actor
from accounts.roles import Action, Role, allows
from pages.models import Page
from web.dashboard.door import OperatorRequest

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Desk:
    request: OperatorRequest
    page: Page
    role: Role
    at: datetime

    @property
    def actor(self) -> Actor:
        return Actor.of(self.request.user)

    def permits(self, action: Action) -> bool:
        return allows(self.role, action)

    def url(self, name: str, *ids: UUID) -> str:
        """The address of a screen of this page, by its name in `urls`."""
        return reverse(f"dashboard:{name}", args=[self.page.id, *ids])

    def find(self, rows: QuerySet[M], row_id: UUID, *, needs: Action) -> M:
        """The row of this page with `row_id`; raises Http404, the same for missing and foreign."""
        return find(self.request, rows, row_id, needs=needs)


def open_desk(request: OperatorRequest, page_id: UUID, *, needs: Action = Action.PAGE_VIEW) -> Desk:
    """Raises Http404 when the page is missing or foreign, Refused when the role is too weak."""
    pages = Page.objects.visible_to(request.user).select_related("project", "organization")
    page = find(request, pages, page_id, needs=needs)
    role = role_of(request.user, page.project)
    if role is None or not allows(role, needs):
        require(Actor.of(request.user), needs, page.project, obj=page)
        raise Http404
    return Desk(request=request, page=page, role=role, at=timezone.now())


def find(request: OperatorRequest, rows: QuerySet[M], row_id: UUID, *, needs: Action) -> M:
    row = rows.filter(pk=row_id).first()
    if row is None:
        note_hidden(Actor.of(request.user), needs, audit.type_name(rows.model()), str(row_id))
        raise Http404
    return row
