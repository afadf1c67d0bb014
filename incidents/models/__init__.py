"""Incidents and maintenances, their updates, and what hangs on them."""

from incidents.models.incident import (
    Incident,
    IncidentComponent,
    IncidentQuerySet,
    default_nudges,
    default_reminders,
)
from incidents.models.key import DraftLink, IdempotencyKey
from incidents.models.postmortem import Postmortem
from incidents.models.reminder import Reminder
from incidents.models.series import MaintenanceSeries
from incidents.models.template import IncidentTemplate
from incidents.models.update import IncidentUpdate, IncidentUpdateQuerySet, UpdateComponent

__all__ = [
    "DraftLink",
    "IdempotencyKey",
    "Incident",
    "IncidentComponent",
    "IncidentQuerySet",
    "IncidentTemplate",
    "IncidentUpdate",
    "IncidentUpdateQuerySet",
    "MaintenanceSeries",
    "Postmortem",
    "Reminder",
    "UpdateComponent",
    "default_nudges",
    "default_reminders",
]
