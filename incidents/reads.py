"""What others ask of stories."""

from django.db.models import QuerySet

from incidents.models import Incident
from pages.models import Component


def stories_of(component: Component) -> QuerySet[Incident]:
    """What is going on or planned and names the component, oldest first."""
    named = Incident.objects.filter(affected__component=component)
    return (named.current() | named.upcoming()).distinct().order_by("started_at", "id")
