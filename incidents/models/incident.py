"""Incidents and maintenances, and the components they touch."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from incidents.codes import new_code
from incidents.lifecycle import OPEN, PUBLIC, RUNNING, Family, Impact, IncidentStatus
from pages.models import STATUS_CHOICES, Component, Page

INCIDENT_STATUS_CHOICES = [(status.value, status.label) for status in IncidentStatus]
IMPACT_CHOICES = [(impact.value, impact.label) for impact in Impact]

_UNSETTLED = Q(status=IncidentStatus.DRAFT, dismissed_at__isnull=True, recovered_at__isnull=True)
_WAITING = _UNSETTLED & Q(automatic=True)


def default_reminders() -> list[int]:
    """A day and three hours, in minutes."""
    return [1440, 180]


def default_nudges() -> list[int]:
    """Hours without an update, as Statuspage counts them."""
    return [3, 6, 12, 24]


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User) -> "IncidentQuerySet":
        return self.filter(page__in=Page.objects.visible_to(user))

    def incidents(self) -> "IncidentQuerySet":
        return self.filter(scheduled_for__isnull=True)

    def maintenances(self) -> "IncidentQuerySet":
        return self.filter(scheduled_for__isnull=False)

    def public(self) -> "IncidentQuerySet":
        """What visitors may know of: everything but drafts."""
        return self.filter(status__in=PUBLIC)

    def open(self) -> "IncidentQuerySet":
        return self.filter(status__in=OPEN)

    def running(self) -> "IncidentQuerySet":
        """Maintenances that have begun and not ended."""
        return self.filter(status__in=RUNNING)

    def upcoming(self) -> "IncidentQuerySet":
        return self.filter(status=IncidentStatus.SCHEDULED)

    def drafts(self) -> "IncidentQuerySet":
        """What monitoring found and nobody settled: neither dismissed nor recovered."""
        return self.filter(_WAITING)

    def unsettled(self) -> "IncidentQuerySet":
        """Drafts, found or written, that can be published or dismissed."""
        return self.filter(_UNSETTLED)

    def current(self) -> "IncidentQuerySet":
        """Open incidents, running maintenances and waiting drafts."""
        return self.filter(Q(status__in=OPEN | RUNNING) | _WAITING)

    def covering(self, component_ids: Iterable[UUID]) -> "IncidentQuerySet":
        """Current incidents that speak of one of the components."""
        return self.current().filter(affected__component_id__in=list(component_ids)).distinct()


class Incident(models.Model):
    """An incident, or, with a time it is scheduled for, a maintenance."""

    class ReminderUnit(models.TextChoices):
        HOURS = "hours", "Hours"
        MINUTES = "minutes", "Minutes"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="incidents")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=255)
    status = models.CharField(max_length=16, choices=INCIDENT_STATUS_CHOICES)
    # The worst the incident ever claimed; it never falls. The override wins over it.
    impact = models.CharField(max_length=11, choices=IMPACT_CHOICES, default=Impact.NONE)
    impact_override = models.CharField(max_length=11, choices=IMPACT_CHOICES, null=True, blank=True)
    # When trouble or maintenance began: the first failing check of an automatic incident.
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
    # What `/i/<code>` leads to, whatever the page is called.
    code = models.CharField(max_length=12, unique=True, default=new_code, editable=False)
    # False: nobody is told of anything about it.
    deliver_notifications = models.BooleanField(default=True)
    # Entered after the fact, at the times it states.
    backfilled = models.BooleanField(default=False)
    metadata = models.JSONField(default=dict, blank=True)
    # What visitors were promised; operators are told when it passes.
    next_update_by = models.DateTimeField(null=True, blank=True)
    # After so long without an update operators are told: a list, or one number for every so long.
    reminder_intervals = models.JSONField(default=default_nudges, blank=True)
    reminder_unit = models.CharField(
        max_length=7, choices=ReminderUnit.choices, default=ReminderUnit.HOURS
    )
    # Old enough for the archive: shown there instead of in the history.
    archived_at = models.DateTimeField(null=True, blank=True)

    scheduled_for = models.DateTimeField(null=True, blank=True)
    scheduled_until = models.DateTimeField(null=True, blank=True)
    scheduled_remind_prior = models.BooleanField(default=True)
    # Minutes before the start.
    remind_before = ArrayField(models.PositiveIntegerField(), default=default_reminders)
    scheduled_auto_in_progress = models.BooleanField(default=True)
    scheduled_auto_completed = models.BooleanField(default=True)
    auto_transition_to_maintenance_state = models.BooleanField(default=True)
    auto_transition_to_operational_state = models.BooleanField(default=True)
    auto_transition_deliver_notifications_at_start = models.BooleanField(default=True)
    auto_transition_deliver_notifications_at_end = models.BooleanField(default=True)
    series = models.ForeignKey(
        "MaintenanceSeries",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="occurrences",
    )
    # Which one of its series: the start in the page's wall time, "2026-11-29T02:00".
    occurrence = models.CharField(max_length=16, blank=True)
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
            models.Index(
                fields=["scheduled_for"],
                condition=Q(status="scheduled"),
                name="maintenances_to_start",
            ),
            models.Index(
                fields=["scheduled_until"],
                condition=Q(status__in=["in_progress", "verifying"]),
                name="maintenances_to_end",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(scheduled_for__isnull=True, scheduled_until__isnull=True)
                | Q(scheduled_until__gt=models.F("scheduled_for")),
                name="maintenance_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["series", "occurrence"],
                condition=Q(series__isnull=False),
                name="one_row_per_occurrence",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def effective_impact(self) -> Impact:
        return Impact(self.impact_override or self.impact)

    @property
    def is_maintenance(self) -> bool:
        return self.scheduled_for is not None

    @property
    def family(self) -> Family:
        return Family.MAINTENANCE if self.is_maintenance else Family.INCIDENT


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
