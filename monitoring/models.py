"""Monitors, what they are linked to, their results, and who runs their checks."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import Project, User
from monitoring.outcome import Reason
from monitoring.verdict import Verdict
from pages.models import Component

VERDICT_CHOICES = [(verdict.value, verdict.value.capitalize()) for verdict in Verdict]


class MonitorQuerySet(models.QuerySet["Monitor"]):
    def visible_to(self, user: User) -> "MonitorQuerySet":
        return self.filter(project__in=Project.objects.visible_to(user))

    def enabled(self) -> "MonitorQuerySet":
        return self.filter(enabled=True)


class Monitor(models.Model):
    """An HTTP(S) address checked at anchor + k x interval."""

    class Kind(models.TextChoices):
        HTTP = "http", "HTTP(S)"

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
    verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES, null=True, blank=True)
    streak = models.PositiveIntegerField(default=0)
    streak_since = models.DateTimeField(null=True, blank=True)
    last_result_at = models.DateTimeField(null=True, blank=True)
    last_response_ms = models.PositiveIntegerField(null=True, blank=True)
    last_status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    # A Reason by its name; empty after a good check.
    last_error = models.CharField(max_length=200, blank=True)
    # The newest result that said something of the target.
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = MonitorQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_check_at"], condition=Q(enabled=True), name="monitors_by_next_check"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(interval_s__gt=0, timeout_ms__gt=0), name="monitor_spans_are_positive"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_words(self) -> str:
        """What the newest check met, for a person: empty after a good one."""
        reason = Reason(self.last_error)
        if reason is Reason.HTTP_STATUS:
            return f"Answered {self.last_status_code}"
        return reason.label


class ComponentMonitor(models.Model):
    """A component follows a monitor; `believed` is what it has settled on, and since when."""

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="links")
    monitor = models.ForeignKey(Monitor, on_delete=models.CASCADE, related_name="links")
    believed = models.CharField(max_length=8, choices=VERDICT_CHOICES, default=Verdict.UP)
    believed_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["component", "monitor"], name="one_link_per_component_and_monitor"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["monitor"], condition=Q(believed=Verdict.DOWN), name="links_believed_down"
            )
        ]

    def __str__(self) -> str:
        return f"{self.monitor_id} for {self.component_id}"


class CheckResult(models.Model):
    """One check, in a partition per UTC day; outlives its monitor until its day is dropped.

    `phases` are dns, connect, tls and first byte in ms.
    """

    pk = models.CompositePrimaryKey("monitor_id", "checked_at")
    monitor_id = models.UUIDField()
    checked_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=VERDICT_CHOICES)
    status_code = models.PositiveSmallIntegerField(null=True)
    response_ms = models.PositiveIntegerField(null=True)
    phases = ArrayField(models.IntegerField(), null=True)
    reason = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "check_result"

    def __str__(self) -> str:
        return f"{self.monitor_id} was {self.verdict} at {self.checked_at}"


class CheckLease(models.Model):
    """The right to run checks in one of the numbered places; lost when not renewed."""

    place = models.PositiveSmallIntegerField(primary_key=True)
    holder = models.UUIDField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"place {self.place} until {self.until}"
