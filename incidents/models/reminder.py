"""What is to be said when a time comes."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from incidents.models.incident import Incident


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def unsettled(self) -> "ReminderQuerySet":
        """Neither said nor skipped nor needless."""
        return self.filter(settled_at__isnull=True)

    def due(self, at: datetime) -> "ReminderQuerySet":
        return self.unsettled().filter(due_at__lte=at)


class Reminder(models.Model):
    """Something to be said when a time comes and nothing has made it needless."""

    class Kind(models.TextChoices):
        BEFORE_START = "before_start", "Before a maintenance starts"
        NO_UPDATE = "no_update", "No update for long"
        PROMISE = "promise", "The promised update is due"
        START_DUE = "start_due", "A maintenance waits to be started"
        END_DUE = "end_due", "A maintenance waits to be completed"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    due_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["incident", "kind", "due_at"], name="one_reminder_of_a_kind_and_time"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"], condition=Q(settled_at__isnull=True), name="reminders_to_send"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.due_at}"
