"""Maintenances as a calendar (RFC 5545). Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from incidents.lifecycle import IncidentStatus
from incidents.models import IncidentQuerySet
from web.page.facts import IncidentFacts, PageFacts, Plan

PRODUCT = "-//Bellbuoy//Maintenance//EN"
KEPT = timedelta(days=90)
REFRESH = timedelta(hours=1)


def calendar(page: PageFacts, maintenances: Iterable[IncidentFacts]) -> bytes:
    """A VCALENDAR in UTC: CRLF, lines of at most 75 octets."""
    shown = Calendar()
    shown.add("prodid", PRODUCT)
    shown.add("version", "2.0")
    shown.add("x-wr-calname", f"{page.name} maintenance")
    shown.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for maintenance in maintenances:
        if maintenance.plan:
            shown.add_component(_event(maintenance, maintenance.plan))
    return bytes(shown.to_ical())


def in_calendar(stories: IncidentQuerySet, *, at: datetime) -> IncidentQuerySet:
    """What is to come, under way, or was to end in the last 90 days; the next one first."""
    kept = stories.maintenances().filter(scheduled_until__gte=at - KEPT)
    return kept.order_by("scheduled_for", "id")


def _event(maintenance: IncidentFacts, plan: Plan) -> Event:
    """The id is for ever; the sequence counts the seconds until the last change, so it rises."""
    changed = _changed(maintenance)
    event = Event()
    event.add("uid", str(maintenance.id))
    event.add("dtstamp", changed)
    event.add("created", maintenance.created_at.astimezone(UTC))
    event.add("last-modified", changed)
    event.add("sequence", int((changed - maintenance.created_at).total_seconds()))
    event.add("dtstart", plan.starts_at.astimezone(UTC))
    event.add("dtend", plan.ends_at.astimezone(UTC))
    event.add("summary", maintenance.name)
    event.add("description", _description(maintenance))
    event.add("url", maintenance.url)
    cancelled = maintenance.status is IncidentStatus.CANCELLED
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _changed(maintenance: IncidentFacts) -> datetime:
    moments = [maintenance.updated_at, *(update.updated_at for update in maintenance.updates)]
    return max(moments).astimezone(UTC)


def _description(maintenance: IncidentFacts) -> str:
    """What it is about, the newest words, and what is affected."""
    bodies = [update.body for update in reversed(maintenance.updates) if update.body]
    systems = ", ".join(item.name for item in maintenance.affected)
    parts = [*bodies[:1], *bodies[1:][-1:], systems and f"Affects: {systems}"]
    return "\n\n".join(filter(None, parts))
