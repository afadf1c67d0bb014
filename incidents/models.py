"""Incidents, their updates, and the components they touch."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from incidents.lifecycle import OPEN, PUBLIC, Impact, IncidentStatus
from pages.models import STATUS_CHOICES, Component, Page

INCIDENT_STATUS_CHOICES = [(status.value, status.label) for status in IncidentStatus]
IMPACT_CHOICES = [(impact.value, impact.label) for impact in Impact]


_WAITING = Q(status=IncidentStatus.DRAFT, dismissed_at__isnull=True, recovered_at__isnull=True)


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User) -> "IncidentQuerySet":
        return self.filter(page__in=Page.objects.visible_to(user))

    def public(self) -> "IncidentQuerySet":
        """What visitors may know of: everything but drafts."""
        return self.filter(status__in=PUBLIC)

    def open(self) -> "IncidentQuerySet":
        return self.filter(status__in=OPEN)

    def drafts(self) -> "IncidentQuerySet":
        """Drafts that wait for a person or their time: neither dismissed nor recovered."""
        return self.filter(_WAITING)

    def current(self) -> "IncidentQuerySet":
        """Open incidents and waiting drafts."""
        return self.filter(Q(status__in=OPEN) | _WAITING)

    def covering(self, component_ids: Iterable[UUID]) -> "IncidentQuerySet":
        """Current incidents that speak of one of the components."""
        return self.current().filter(affected__component_id__in=list(component_ids)).distinct()


class Incident(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="incidents")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=16, choices=INCIDENT_STATUS_CHOICES)
    # The worst the incident ever claimed; it never falls. The override wins over it.
    impact = models.CharField(max_length=10, choices=IMPACT_CHOICES, default=Impact.NONE)
    impact_override = models.CharField(max_length=10, choices=IMPACT_CHOICES, null=True, blank=True)
    # When trouble began: the first failing check of an automatic incident.
    started_at = models.DateTimeField()
    monitoring_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    automatic = models.BooleanField(default=False)
    # An automatic draft publishes itself at this time.
    publish_at = models.DateTimeField(null=True, blank=True)
    # Where drafts wait for a person for ever, component notices go out at this time.
    notices_at = models.DateTimeField(null=True, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    # The checks of all its components are good again since.
    recovered_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)
    # An automatic incident that a person touched is never resolved by the monitor.
    edited_at = models.DateTimeField(null=True, blank=True)
    # All its components recovered, but a person must say so.
    resolve_proposed_at = models.DateTimeField(null=True, blank=True)
    # Whether it ever named one: without, it is about the whole page.
    names_components = models.BooleanField(default=False)
    components = models.ManyToManyField(
        Component, through="IncidentComponent", related_name="incidents"
    )
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["page", "-started_at"], name="incidents_by_page"),
            models.Index(
                fields=["publish_at"], condition=Q(status="draft"), name="drafts_by_publish_at"
            ),
            models.Index(
                fields=["notices_at"], condition=Q(status="draft"), name="drafts_by_notices_at"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def effective_impact(self) -> Impact:
        return Impact(self.impact_override or self.impact)


class IncidentComponent(models.Model):
    """A component of an incident and what the incident claims of it now."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="affected")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=24, choices=STATUS_CHOICES)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "component"], name="one_row_per_incident_and_component"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component_id}: {self.status}"


class IncidentUpdate(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=16, choices=INCIDENT_STATUS_CHOICES)
    body = models.TextField(blank=True)
    display_at = models.DateTimeField()
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["incident", "-display_at"], name="updates_by_incident")
        ]

    def __str__(self) -> str:
        return f"{self.status} at {self.display_at}"


class UpdateComponent(models.Model):
    """What an update said of a component: from which status to which."""

    update = models.ForeignKey(IncidentUpdate, on_delete=models.CASCADE, related_name="changes")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    old_status = models.CharField(max_length=24, choices=STATUS_CHOICES)
    new_status = models.CharField(max_length=24, choices=STATUS_CHOICES)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["update", "component"], name="one_row_per_update_and_component"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component_id}: {self.old_status} to {self.new_status}"
