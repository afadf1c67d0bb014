"""What verbs of a story check before they write."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from incidents.lifecycle import OVER, RUNNING, Family, IncidentStatus, explain_illegal
from incidents.models import Incident
from incidents.room import has_room
from pages.actions import Conflict, Invalid
from pages.models import Component, Page

NAME_LIMIT = 255
BODY_LIMIT = 25_000
FARTHEST_PROMISE = timedelta(days=31)
FARTHEST_UPDATE = timedelta(days=366)


def check_body(body: str) -> None:
    if len(body) > BODY_LIMIT:
        raise Invalid("body", f"A text has at most {BODY_LIMIT:,} characters.")


def check_components(page: Page, components: Iterable[Component]) -> None:
    """Raises Invalid unless all of them are on the page; asked again under its lock they stay."""
    ids = {component.pk for component in components}
    if page.components.filter(pk__in=ids).count() < len(ids):
        raise Invalid("components", "One of the components is not on this page.")


def fresh(incident: Incident) -> Incident:
    """The incident as it is under the page's lock. Raises Conflict when it is gone."""
    found = Incident.objects.select_related("page__project").filter(pk=incident.pk).first()
    if found is None:
        raise Conflict("incident", "Somebody has deleted this incident meanwhile.")
    return found


def check_promise(next_update_by: datetime | None, at: datetime) -> None:
    if next_update_by is None:
        return
    if next_update_by <= at:
        raise Invalid("next_update_by", "Promise the next update for a time that lies ahead.")
    if next_update_by - at > FARTHEST_PROMISE:
        days = FARTHEST_PROMISE.days
        raise Invalid("next_update_by", f"Promise the next update within {days} days.")


def check_display(display_at: datetime | None, at: datetime) -> None:
    if display_at is not None and display_at - at > FARTHEST_UPDATE:
        raise Invalid("display_at", "Let it appear within a year.")


def check_seen(incident: Incident, seen: datetime | None) -> None:
    """Raises Conflict when the incident has moved on since the author looked."""
    if seen is not None and seen != incident.updated_at:
        raise Conflict("body", "Somebody has changed this incident meanwhile.")


def check_step(
    incident: Incident, status: IncidentStatus, *, display_at: datetime | None, reopen: bool
) -> None:
    """Whether an update of `status` may enter the story at `display_at`, now when None.

    Raises Conflict when what it follows has ended, Invalid naming the legal stages.
    """
    earlier = incident.updates.published()
    if display_at is not None:
        earlier = earlier.filter(display_at__lte=display_at)
    before = earlier.newest_first().first()
    if incident.status == IncidentStatus.DRAFT:
        raise Conflict("status", "Publish the draft before you update it.")
    if before is None:
        raise Invalid("display_at", "The story begins later than that.")
    old = IncidentStatus(before.status)
    if old in OVER and not (reopen and incident.family is Family.INCIDENT):
        raise Conflict("status", _over(incident))
    if illegal := explain_illegal(incident.family, old, status):
        raise Invalid("status", f"{illegal}.")
    if incident.is_maintenance and status not in (RUNNING if old in RUNNING else {old}):
        raise Invalid("status", "Start, finish or cancel the maintenance instead.")
    has_later = incident.updates.published().exclude(pk__in=earlier.values("pk")).exists()
    if has_later and status in OVER:
        raise Invalid("status", f"{status.label} must be the last update of the story.")


def check_room(incident: Incident, status: IncidentStatus) -> None:
    """An end is always possible; anything else only below the limit."""
    if status not in OVER and not has_room(incident):
        limit = settings.INCIDENT_UPDATE_LIMIT
        raise Invalid(
            "incident", f"An incident has at most {limit} updates: resolve it or open another."
        )


def _over(incident: Incident) -> str:
    status = IncidentStatus(incident.status)
    if status is IncidentStatus.RESOLVED:
        return "This incident is resolved. Reopen it, or open a new one."
    if status in OVER:
        return f"This maintenance is {status.label.lower()}. Schedule a new one."
    return "The story had ended at that time. Choose a later one."
