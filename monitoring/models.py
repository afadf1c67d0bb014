"""Monitors, what they are linked to, and who runs their checks."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import Project, User
from pages.models import Component


class MonitorQuerySet(models.QuerySet["Monitor"]):
    def visible_to(self, user: User) -> "MonitorQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def enabled(self) -> "MonitorQuerySet":
        return self.filter(enabled=True)


class Monitor(models.Model):
    """An HTTP(S) address checked at anchor + k x interval."""

    class Kind(models.TextChoices):
        HTTP = "http", "HTTP(S)"

    class Verdict(models.TextChoices):
        UP = "up", "Up"
        DOWN = "down", "Down"
        UNKNOWN = "unknown", "Unknown"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="monitors")
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.HTTP)
    url = models.CharField(max_length=2000)
    interval_s = models.PositiveIntegerField(default=60)
    timeout_ms = models.PositiveIntegerField(default=5000)
    enabled = models.BooleanField(default=True)
    components = models.ManyToManyField(
        Component, through="ComponentMonitor", related_name="monitors"
    )
    anchor_at = models.DateTimeField(default=now)
    next_check_at = models.DateTimeField(default=now)
    # The newest result taken into account, and the run of equal ones it ends.
    verdict = models.CharField(max_length=8, choices=Verdict.choices, null=True, blank=True)
    streak = models.PositiveIntegerField(default=0)
    streak_since = models.DateTimeField(null=True, blank=True)
    last_result_at = models.DateTimeField(null=True, blank=True)
    last_response_ms = models.PositiveIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = MonitorQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"], condition=Q(enabled=True), name="monitors_by_next_check"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ComponentMonitor(models.Model):
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="links")
    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="links")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["component", "monitor"], name="one_link_per_component_and_monitor"
            )
        ]

    def __str__(self) -> str:
        return f"{self.monitor_id} for {self.component_id}"
