"""Texts prepared for the worst hour."""

from django.db import models
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from incidents.lifecycle import IncidentStatus
from incidents.models.incident import INCIDENT_STATUS_CHOICES
from pages.models import Component, Page


class IncidentTemplate(models.Model):
    """A text prepared for the worst hour; its variables are replaced when it is applied."""

    class Use(models.TextChoices):
        OPENING = "opening", "Opening an incident"
        UPDATE = "update", "Posting an update"
        MAINTENANCE = "maintenance", "Scheduling a maintenance"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="templates")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    use = models.CharField(max_length=11, choices=Use.choices, default=Use.OPENING)
    name = models.CharField(max_length=255)
    title = models.CharField(max_length=255)
    body = models.TextField()
    # Empty: an update made of it leaves the stage as it is.
    update_status = models.CharField(
        max_length=16,
        choices=INCIDENT_STATUS_CHOICES,
        default=IncidentStatus.INVESTIGATING,
        blank=True,
    )
    should_send_notifications = models.BooleanField(default=True)
    components = models.ManyToManyField(Component, related_name="+", blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name
