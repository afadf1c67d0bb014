"""Updates, and what they say of components."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from incidents.lifecycle import IncidentStatus
from incidents.models.incident import INCIDENT_STATUS_CHOICES, Incident
from pages.models import STATUS_CHOICES, Component


class IncidentUpdateQuerySet(models.QuerySet["IncidentUpdate"]):
    def published(self) -> "IncidentUpdateQuerySet":
        """What visitors may read: neither a draft's text nor what waits for its time."""
        return self.filter(published_at__isnull=False)

    def waiting(self) -> "IncidentUpdateQuerySet":
        """Those that appear by themselves at `display_at`."""
        return self.filter(published_at__isnull=True).exclude(status=IncidentStatus.DRAFT)

    def told(self) -> "IncidentUpdateQuerySet":
        """In the order of the story, oldest first."""
        return self.order_by("display_at", "created_at", "id")

    def newest_first(self) -> "IncidentUpdateQuerySet":
        return self.order_by("-display_at", "-created_at", "-id")


class IncidentUpdate(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="updates")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    status = models.CharField(max_length=16, choices=INCIDENT_STATUS_CHOICES)
    body = models.TextField(blank=True)
    # The time shown; null `published_at` until then, when it lies ahead.
    display_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    deliver_notifications = models.BooleanField(default=True)
    # The notification that tells it, while there is one.
    notification_id = models.UUIDField(null=True, blank=True)
    # The promise made with it, kept until it is shown.
    next_update_by = models.DateTimeField(null=True, blank=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = IncidentUpdateQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["incident", "-display_at"], name="updates_by_incident"),
            models.Index(
                fields=["display_at"],
                condition=Q(published_at__isnull=True) & ~Q(status="draft"),
                name="updates_to_show",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} at {self.display_at}"


class UpdateComponent(models.Model):
    """What an update said of a component: from which status to which, and since when."""

    update = models.ForeignKey(IncidentUpdate, on_delete=models.CASCADE, related_name="changes")
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="+")
    old_status = models.CharField(max_length=24, choices=STATUS_CHOICES)
    new_status = models.CharField(max_length=24, choices=STATUS_CHOICES)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["update", "component"], name="one_row_per_update_and_component"
            )
        ]

    def __str__(self) -> str:
        return f"{self.component_id}: {self.old_status} to {self.new_status}"
