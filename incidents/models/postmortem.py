"""What was learned of an incident."""

from django.db import models
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from incidents.models.incident import Incident


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
