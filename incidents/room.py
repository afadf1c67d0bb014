"""How much one story takes."""

from django.conf import settings

from incidents.models import Incident


def has_room(incident: Incident) -> bool:
    """Whether it takes another update; an end is always possible."""
    limit: int = settings.INCIDENT_UPDATE_LIMIT
    return incident.updates.count() < limit
