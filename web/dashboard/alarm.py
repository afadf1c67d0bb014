"""The strip on every screen while something is open or waits for a person."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, When
from django.urls import reverse

from accounts.access import role_of
from accounts.models import User
from accounts.roles import Action, allows
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident


@dataclass(frozen=True, slots=True)
class Alarm:
    """The one incident that is named, and how many `others` there are."""

    incident: Incident
    others: int
    may_act: bool

    @property
    def is_draft(self) -> bool:
        return self.incident.status == IncidentStatus.DRAFT

    @property
    def url(self) -> str:
        return self._address("incident")

    @property
    def button_url(self) -> str:
        return self._address("incident" if self.is_draft else "update_new")

    def _address(self, name: str) -> str:
        return reverse(f"dashboard:{name}", args=[self.incident.page_id, self.incident.id])


def alarm_for(user: User) -> Alarm | None:
    """Drafts first, for they wait for a decision; then what is open for longest."""
    urgent = unsettled(user)
    incident = urgent.select_related("page__project").first()
    if incident is None:
        return None
    role = role_of(user, incident.page.project)
    return Alarm(
        incident=incident,
        others=urgent.count() - 1,
        may_act=allows(role, Action.INCIDENT_UPDATE),
    )


def unsettled(user: User) -> QuerySet[Incident]:
    visible = Incident.objects.visible_to(user)
    waiting = Q(pk__in=visible.drafts().values("pk"))
    draft_first = Case(When(waiting, then=0), default=1, output_field=IntegerField())
    found = visible.filter(waiting | Q(pk__in=visible.open().values("pk")))
    return found.order_by(draft_first, "started_at", "id")
