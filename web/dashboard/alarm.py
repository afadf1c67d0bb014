"""The strip on every screen while something is open or waits for a person."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, IntegerField, Q, QuerySet, When
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


def alarm_for(user: User, at: datetime) -> Alarm | None:
    """The most overdue promise, then drafts that wait for a decision, then what is open longest."""
    urgent = unsettled(user, at)
    incident = urgent.select_related("page__project").first()
    if incident is None:
        return None
    role = role_of(user, incident.page.project)
    return Alarm(
        incident=incident,
        others=urgent.count() - 1,
        may_act=allows(role, Action.INCIDENT_UPDATE),
    )


def unsettled(user: User, at: datetime) -> QuerySet[Incident]:
    """Open incidents and what checks found; neither maintenances nor what people are writing."""
    visible = Incident.objects.visible_to(user)
    waiting = Q(pk__in=visible.drafts().values("pk"))
    found = visible.filter(waiting | Q(pk__in=visible.open().values("pk")))
    urgency = Case(
        When(next_update_by__lte=at, then=0),
        When(waiting, then=1),
        When(next_update_by__isnull=False, then=2),
        default=3,
        output_field=IntegerField(),
    )
    return found.order_by(urgency, F("next_update_by").asc(nulls_last=True), "started_at", "id")
