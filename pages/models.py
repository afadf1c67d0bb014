"""What is shown: pages, components, claims, intervals, gaps, days."""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import Organization, Project, User
from pages.reclassified import Kind
from pages.status import Status

STATUS_CHOICES = [(status.value, status.label) for status in Status]


class PageQuerySet(models.QuerySet["Page"]):
    def visible_to(self, user: User) -> "PageQuerySet":
        """Pages of the projects in which `user` has any role."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def published(self) -> "PageQuerySet":
        return self.filter(status=Page.State.PUBLISHED)


class Page(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        ARCHIVED = "archived", "Archived"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="pages")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pages")
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=255)
    subdomain = models.CharField(max_length=36, unique=True)
    status = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    timezone = models.CharField(max_length=50, default="UTC")
    # Minutes a detected outage stays a draft; 0 publishes at once, null never by itself.
    auto_publish_after = models.PositiveIntegerField(null=True, blank=True, default=5)
    notify_component_changes = models.BooleanField(default=True)
    # Seconds that news posted in the dashboard waits, so that it can be undone; 0 sends at once.
    hold_seconds = models.PositiveSmallIntegerField(default=30)
    # A recovered automatic incident resolves by itself, unless a person edited it.
    auto_resolve = models.BooleanField(default=True)
    # Share of a partial outage's, a degradation's seconds that counts as downtime.
    partial_weight = models.FloatField(default=0.3)
    degraded_weight = models.FloatField(default=0.0)
    version = models.BigIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = PageQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class ComponentGroup(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(max_length=255)
    position = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.name


class ComponentQuerySet(models.QuerySet["Component"]):
    def visible_to(self, user: User) -> "ComponentQuerySet":
        return self.filter(page__in=Page.objects.visible_to(user))

    def in_order(self) -> "ComponentQuerySet":
        """By position, then name: the order machines read."""
        return self.order_by("position", "name", "id")

    def as_on_page(self) -> "ComponentQuerySet":
        """As visitors read them: groups and lone components by position, then name."""
        return self.order_by(
            Coalesce("group__position", "position"),
            Coalesce("group__name", "name"),
            Coalesce("group_id", "id"),
            "position",
            "name",
            "id",
        )


class Component(models.Model):
    """`status` is a fold of the live claims: `pages.claims` is its only writer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="components")
    group = models.ForeignKey(
        ComponentGroup,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="components",
    )
    name = models.CharField(max_length=255)
    slug = models.CharField(max_length=100)
    description = models.TextField(null=True, blank=True)
    status = models.CharField(max_length=24, choices=STATUS_CHOICES, default=Status.OPERATIONAL)
    position = models.IntegerField(default=0)
    # Checks in a row that must fail, succeed, before the status follows.
    failure_threshold = models.PositiveIntegerField(default=1)
    recovery_threshold = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = ComponentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "slug"], name="one_slug_per_page")
        ]

    def __str__(self) -> str:
        return self.name


class StatusClaimQuerySet(models.QuerySet["StatusClaim"]):
    def live(self) -> "StatusClaimQuerySet":
        return self.filter(ended_at__isnull=True)

    def speaking_after(self, moment: datetime) -> "StatusClaimQuerySet":
        """Claims that say something at some time after `moment`."""
        return self.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment))


class StatusClaim(models.Model):
    """What one source says of a component from `since` until `ended_at`. Never deleted.

    One that was replaced for the very instant it began ends there, too: it is kept for the
    record and counts nowhere.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="claims")
    # manual, checks, incident:<id>, maintenance:<id> or alert:<key>.
    source = models.CharField(max_length=120)
    status = models.CharField(max_length=24, choices=STATUS_CHOICES)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    pinned = models.BooleanField(default=False)
    pin_expires_at = models.DateTimeField(null=True, blank=True)
    actor = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=now)

    objects = StatusClaimQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["component", "source"],
                condition=Q(ended_at__isnull=True),
                name="one_live_claim_per_component_and_source",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("since")),
                name="claim_ends_after_it_began",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["component", "ended_at"], name="claims_by_end"),
            models.Index(
                fields=["pin_expires_at"],
                condition=Q(ended_at__isnull=True, pin_expires_at__isnull=False),
                name="pins_that_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.status}"


class StatusInterval(models.Model):
    """A component's effective status over a span: a fold of its claims, rebuildable.

    `held` tells that a person or an incident stood behind it, not only checks.
    """

    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="intervals")
    status = models.CharField(max_length=24, choices=STATUS_CHOICES)
    held = models.BooleanField(default=False)
    span = DateTimeRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="intervals_of_a_component_do_not_overlap",
                expressions=[
                    ("component", RangeOperators.EQUAL),
                    ("span", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(span__isempty=False), name="interval_span_is_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.span}"


class ObservationGap(models.Model):
    """Time in which nothing was known of a component; open while `until` is null."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    component = models.ForeignKey(Component, on_delete=models.CASCADE, related_name="gaps")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="gaps_of_a_component_do_not_overlap",
                expressions=[
                    ("component", RangeOperators.EQUAL),
                    (
                        Func(
                            "since",
                            "until",
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
                name="gap_ends_after_it_began",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["component", "until"], name="gaps_by_end")]

    def __str__(self) -> str:
        return f"{self.reason} since {self.since}"


class ReclassificationQuerySet(models.QuerySet["Reclassification"]):
    def in_force(self) -> "ReclassificationQuerySet":
        """Those not withdrawn, in the order in which they count: the last one wins."""
        return self.filter(withdrawn_at__isnull=True).order_by("created_at", "id")

    def touching(self, start: datetime, end: datetime) -> "ReclassificationQuerySet":
        return self.filter(since__lt=end, until__gt=start)


class Reclassification(models.Model):
    """What an operator said of a past span: laid over the intervals, which stay as they are.

    Never deleted (except with its component); one that is withdrawn counts no more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    component = models.ForeignKey(
        Component, on_delete=models.CASCADE, related_name="reclassifications"
    )
    since = models.DateTimeField()
    until = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in Kind])
    # Visitors read it.
    reason = models.CharField(max_length=500)
    actor = models.CharField(max_length=200)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ReclassificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")),
                name="reclassification_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} since {self.since}"


class DayMetric(models.Model):
    """One finished day, in the page's zone, of a component (or of the page, when null)."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="days")
    component = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.CASCADE, related_name="days"
    )
    date = models.DateField()
    operational_seconds = models.PositiveBigIntegerField(default=0)
    degraded_seconds = models.PositiveBigIntegerField(default=0)
    partial_seconds = models.PositiveBigIntegerField(default=0)
    major_seconds = models.PositiveBigIntegerField(default=0)
    maintenance_seconds = models.PositiveBigIntegerField(default=0)
    unobserved_seconds = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "day_metrics"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page", "component", "date"],
                nulls_distinct=False,
                name="one_row_per_page_component_and_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.date}"
