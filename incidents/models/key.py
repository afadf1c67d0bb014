"""Keys: of one operator to one draft, and of one request to its one effect."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.timezone import now

from accounts.models import User
from incidents.models.incident import Incident
from incidents.models.update import IncidentUpdate


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
