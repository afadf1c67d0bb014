"""Who is told, what is to be told, and each single telling."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from pages.models import Component, Page


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def visible_to(self, user: User) -> "SubscriberQuerySet":
        return self.filter(page__in=Page.objects.visible_to(user))

    def willing(self) -> "SubscriberQuerySet":
        """Those who want to be told: verified, not unsubscribed."""
        return self.filter(verified_at__isnull=False, unsubscribed_at__isnull=True)

    def active(self) -> "SubscriberQuerySet":
        """Those who may be told: willing, not quarantined."""
        return self.willing().filter(quarantined_at__isnull=True)


class Subscriber(models.Model):
    class Mode(models.TextChoices):
        EMAIL = "email", "Email"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="subscribers")
    mode = models.CharField(max_length=10, choices=Mode.choices, default=Mode.EMAIL)
    # AES-256-GCM under ENCRYPTION_KEYS; the blind index is an HMAC under INDEX_KEY.
    address = models.BinaryField()
    address_index = models.BinaryField(max_length=32)
    # Everything, components added later included; else only the chosen ones. Told apart by
    # a column, so that deleting the one component somebody chose does not subscribe him to all.
    follows_all = models.BooleanField(default=True)
    components = models.ManyToManyField(Component, related_name="subscribers", blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verification_hash = models.BinaryField(max_length=32, null=True, blank=True)
    verification_sent_at = models.DateTimeField(null=True, blank=True)
    unsubscribe_token = models.BinaryField()
    unsubscribe_hash = models.BinaryField(max_length=32, unique=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    quarantined_at = models.DateTimeField(null=True, blank=True)
    bounces = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["page", "mode", "address_index"], name="one_subscriber_per_address"
            )
        ]
        indexes: ClassVar = [
            # Counted at each look at a form: all that the counts ask for is in the index.
            models.Index(
                fields=["page", "mode"],
                include=["id", "follows_all", "quarantined_at"],
                condition=Q(verified_at__isnull=False, unsubscribed_at__isnull=True),
                name="subscribers_willing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.id}"


class SubscriptionRequest(models.Model):
    """A sign-up as it arrived; the worker decides what it means."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    address = models.BinaryField()
    component_ids = ArrayField(models.UUIDField(), default=list)
    # One that could not be decided waits until then.
    hold_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"request {self.pk}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> "NotificationQuerySet":
        return self.filter(page__in=Page.objects.visible_to(user))

    def unsent(self) -> "NotificationQuerySet":
        """Not handed to deliveries yet, so they may still change."""
        return self.filter(fanned_out_at__isnull=True)


class Notification(models.Model):
    """A finished message and its audience, written in the transaction of the fact."""

    class Audience(models.TextChoices):
        SUBSCRIBERS = "subscribers", "Subscribers of the page"
        SUBSCRIBER = "subscriber", "One subscriber"
        OPERATORS = "operators", "Operators of the page"
        OPERATOR = "operator", "One operator"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40)
    # Messages of one topic are one story; a newer one supersedes unsent older ones.
    topic = models.UUIDField(null=True, blank=True)
    # Its place in the story, given under the page's lock: clocks of machines differ.
    sequence = models.PositiveIntegerField(default=0)
    message = models.JSONField()
    audience = models.CharField(max_length=12, choices=Audience.choices)
    # Only subscribers of one of these, or of everything, are told. NULL is the whole page;
    # an empty list is not: it is news of components that are gone.
    component_ids = ArrayField(models.UUIDField(), null=True, blank=True)
    subscriber = models.ForeignKey(
        Subscriber, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    operator = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    # The one-time token its mail carries, encrypted; wiped once the mail is out.
    secret = models.BinaryField(null=True, blank=True)
    # Until then it may still change, or its fan-out failed and is tried again.
    hold_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    fanned_out_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["topic", "sequence"], name="one_place_in_a_story")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["created_at"],
                condition=Q(fanned_out_at__isnull=True),
                name="notifications_to_fan_out",
            ),
            models.Index(fields=["page", "-created_at"], name="notifications_by_page"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> "DeliveryQuerySet":
        return self.filter(page__in=Page.objects.visible_to(user))

    def open(self) -> "DeliveryQuerySet":
        return self.filter(state__in=[Delivery.State.PENDING, Delivery.State.SENDING])


class Delivery(models.Model):
    """One message to one recipient. Every row ends sent, failed, skipped or cancelled."""

    class State(models.TextChoices):
        PENDING = "pending", "Pending"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SKIPPED = "skipped", "Skipped"
        CANCELLED = "cancelled", "Cancelled"

    class Refusal(models.TextChoices):
        RECIPIENT = "recipient", "Recipient refused"
        ADDRESS = "address", "No such address"

    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="deliveries"
    )
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Subscriber.Mode.choices)
    subscriber = models.ForeignKey(
        Subscriber, null=True, blank=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    operator = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=now)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_answer = models.TextField(blank=True)
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notification", "subscriber"], name="one_delivery_per_subscriber"
            ),
            models.UniqueConstraint(
                fields=["notification", "operator"], name="one_delivery_per_operator"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["channel", "page", "next_attempt_at"],
                condition=Q(state="pending"),
                name="deliveries_to_send",
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="sending"), name="deliveries_leased"
            ),
            models.Index(
                fields=["lease_token"], condition=Q(state="sending"), name="deliveries_by_lease"
            ),
            models.Index(fields=["page", "-created_at"], name="deliveries_by_page"),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.pk}"


class ChannelPause(models.Model):
    """A channel that refuses everything rests: for all pages, or for one when `page` is set.

    `strikes` counts refusals since the last acceptance; the row stays, so that operators
    are told of one trouble once.
    """

    channel = models.CharField(max_length=10, choices=Subscriber.Mode.choices)
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.CASCADE, related_name="channel_pauses"
    )
    strikes = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(default=now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["channel", "page"],
                nulls_distinct=False,
                name="one_pause_per_channel_and_page",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} until {self.paused_until}"
