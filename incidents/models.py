"""Incidents and maintenances, their updates, and what hangs on them."""

from collections.abc import Iterable
from datetime import datetime
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

    def written_drafts(self) -> "IncidentQuerySet":
        """What people wrote and did not publish yet."""
        return self.filter(_UNSETTLED, automatic=False)

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


class MaintenanceSeries(models.Model):
    """A maintenance that recurs by an RRULE (RFC 5545) in the page's wall time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="series")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=255)
    body = models.TextField(blank=True)
    rule = models.CharField(max_length=500)
    # The first start in wall time, "2026-11-29T02:00".
    first_start = models.CharField(max_length=16)
    minutes = models.PositiveIntegerField()
    # Starts, in wall time, that do not take place.
    exceptions = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    components = models.ManyToManyField(Component, related_name="+", blank=True)
    # The fields of `incidents.schedule.MaintenanceOptions`.
    options = models.JSONField(default=dict, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


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


class Postmortem(models.Model):
    """What was learned. `body` is what is public, `body_draft` what is being written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    incident = models.OneToOneField(Incident, on_delete=models.CASCADE, related_name="postmortem")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    body = models.TextField(blank=True)
    body_draft = models.TextField(blank=True)
    body_last_updated_at = models.DateTimeField(default=now)
    ignored = models.BooleanField(default=False)
    notified_subscribers = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"postmortem of {self.incident_id}"


class DraftLink(models.Model):
    """One operator's key to one draft, out of a mail; only its hash is kept."""

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="links")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"link to {self.incident_id}"


class IdempotencyKey(models.Model):
    """What a request made, so that its repetition makes nothing; it goes with what it made."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # Empty where the client gave none: then only the fingerprint tells, and not for long.
    key = models.CharField(max_length=255, blank=True)
    # The digest of what was asked: another request must not use the key again.
    fingerprint = models.BinaryField(max_length=32)
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="+")
    update = models.ForeignKey(
        IncidentUpdate, null=True, on_delete=models.CASCADE, related_name="+"
    )
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "key"], condition=~Q(key=""), name="one_effect_per_key"
            ),
            models.CheckConstraint(
                condition=Q(incident__isnull=False) ^ Q(update__isnull=False),
                name="a_key_made_one_thing",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="keys_by_age")]

    def __str__(self) -> str:
        return self.key
