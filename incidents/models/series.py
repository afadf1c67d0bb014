"""Maintenances that recur."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.timezone import now

from accounts.ids import new_id
from accounts.models import User
from pages.models import Component, Page


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
