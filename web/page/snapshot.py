"""A page as it is at one moment: a fixed number of queries, then plain values."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q

from incidents.lifecycle import OPEN, OVER, RUNNING, IncidentStatus
from incidents.models import Incident, IncidentQuerySet
from monitoring.models import Monitor
from monitoring.reads import last_verified_at
from pages.days import ninety_days
from pages.footnotes import footnotes
from pages.lookup import published_page
from pages.models import Page
from pages.uptime import day_bounds
from web.page import past
from web.page.edges import earliest, next_edge, next_pin_end
from web.page.facts import PageFacts, Snapshot, Verification
from web.page.incident_facts import incident_facts, shown_stories
from web.page.moment import one_moment
from web.page.page_facts import component_facts, group_facts, open_gaps, page_facts

STALE_AFTER_S = 180
# Upcoming maintenances are shown when they begin within so many days, and the next ones always.
AHEAD = timedelta(days=60)
NEXT = 5


def page_snapshot(page_ref: str, *, at: datetime) -> Snapshot | None:
    """The published page with that subdomain or id, None where there is none."""
    with one_moment():
        page = published_page(page_ref)
        return _snapshot(page, at) if page else None


def _snapshot(page: Page, at: datetime) -> Snapshot:
    facts = page_facts(page)
    page.timezone = facts.zone.key
    gaps = open_gaps(page)
    components = component_facts(page, gaps)
    stories = incident_facts(_shown(page, facts, at), page=page)
    days = ninety_days(page, at=at)
    midnight = day_bounds(days.dates[-1], facts.zone)[1]
    return Snapshot(
        page=facts,
        groups=group_facts(page),
        components=components,
        incidents=tuple(story for story in stories if not story.is_maintenance),
        maintenances=tuple(story for story in stories if story.is_maintenance),
        days=days,
        footnotes=tuple(footnotes(page, since=day_bounds(days.dates[0], facts.zone)[0])),
        verification=_verification(page, [row.id for row in components], gaps),
        read_at=at,
        valid_until=earliest(midnight, next_pin_end(page, at), next_edge(stories, at)) or midnight,
    )


def _shown(page: Page, facts: PageFacts, at: datetime) -> IncidentQuerySet:
    """What goes on, what comes next, and what ended in the past two weeks.

    Of a series only the next maintenance: the others stand in the calendar.
    """
    today = at.astimezone(facts.zone).date()
    upcoming = Incident.objects.upcoming().filter(page=page)
    sooner = upcoming.filter(series=OuterRef("series"), scheduled_for__lt=OuterRef("scheduled_for"))
    next_ones = upcoming.exclude(Exists(sooner))
    within = next_ones.filter(scheduled_for__lt=day_bounds(today + AHEAD, facts.zone)[1])
    following = next_ones.order_by("scheduled_for", "id").values("id")[:NEXT]
    soon = Q(id__in=within.values("id")) | Q(id__in=following)
    recent = Q(resolved_at__gte=day_bounds(past.window_start(at, facts.zone), facts.zone)[0])
    wanted = (
        Q(status__in=OPEN | RUNNING)
        | Q(status=IncidentStatus.SCHEDULED) & soon
        | Q(status__in=OVER) & recent
    )
    return shown_stories(page).filter(wanted).order_by("-started_at", "-id")


def _verification(
    page: Page, component_ids: list[UUID], gaps: dict[UUID, datetime]
) -> Verification:
    """Components with an open gap say so themselves; they count only where all have one."""
    verified = {
        component_id: moment
        for component_id, moment in last_verified_at(component_ids).items()
        if moment
    }
    counted = [moment for key, moment in verified.items() if key not in gaps]
    monitors = Monitor.objects.enabled().filter(components__page=page)
    slowest = monitors.aggregate(slowest=Max("interval_s"))["slowest"] or 0
    return Verification(
        at=min(counted or verified.values(), default=None),
        stale_after=max(STALE_AFTER_S, 2 * slowest + 60),
    )
