"""Months of a page at one moment, and what of them is in the archive."""

from datetime import datetime

from django.db.models import Count, Min
from django.db.models.functions import Least, TruncMonth

from incidents.lifecycle import IncidentStatus
from incidents.models import IncidentQuerySet
from pages.days import ninety_days
from pages.lookup import published_page
from pages.models import Page
from pages.uptime import day_bounds
from web.page.edges import earliest, next_edge
from web.page.facts import IncidentFacts, PageFacts
from web.page.history import ArchiveSnapshot, HistorySnapshot, MonthDays, MonthFacts, Tab
from web.page.incident_facts import incident_facts, shown_stories
from web.page.moment import one_moment
from web.page.months import Month, month_of, newest_first
from web.page.page_facts import page_facts

# How many months the history opens with.
NEWEST = 3
# `IncidentFacts.began_at`
_BEGAN = Least("started_at", "resolved_at")


def history_snapshot(
    page_ref: str, month: Month | None, tab: Tab, *, at: datetime
) -> HistorySnapshot | None:
    """The newest months, or `month`; None where the page has none such."""
    with one_moment():
        page = published_page(page_ref)
        return _history(page, month, tab, at) if page else None


def archive_snapshot(page_ref: str, month: Month | None, *, at: datetime) -> ArchiveSnapshot | None:
    """What is in the archive by month, and what of `month`; None when that is nothing."""
    with one_moment():
        page = published_page(page_ref)
        return _archive(page, month, at) if page else None


def _history(page: Page, month: Month | None, tab: Tab, at: datetime) -> HistorySnapshot | None:
    facts = page_facts(page)
    page.timezone = facts.zone.key
    today = at.astimezone(facts.zone).date()
    first, last = _first_month(page, facts), month_of(today)
    if month and not first <= month <= last:
        return None
    shown = [month] if month else list(newest_first(first, last))[:NEWEST]
    rows = _begun(page).filter(archived_at__isnull=True)
    stories = _within(_of_tab(rows, tab), page, facts, shown)
    counts = _archived_counts(page, facts)
    midnight = day_bounds(today, facts.zone)[1]
    return HistorySnapshot(
        page=facts,
        tab=tab,
        asked=month,
        months=tuple(
            MonthFacts(
                month=month,
                stories=tuple(
                    story
                    for story in stories
                    if month_of(story.began_at.astimezone(facts.zone)) == month
                ),
                days=_days(page, month, facts, at),
                archived=counts.get(month, 0),
            )
            for month in shown
        ),
        first=first,
        last=last,
        read_at=at,
        valid_until=earliest(midnight, next_edge(stories, at)) or midnight,
    )


def _archive(page: Page, month: Month | None, at: datetime) -> ArchiveSnapshot | None:
    facts = page_facts(page)
    counts = _archived_counts(page, facts)
    if month and month not in counts:
        return None
    rows = _begun(page).filter(archived_at__isnull=False)
    return ArchiveSnapshot(
        page=facts,
        counts=tuple(counts.items()),
        month=month,
        stories=_within(rows, page, facts, [month]) if month else (),
        read_at=at,
    )


def _begun(page: Page) -> IncidentQuerySet:
    """All but what is still to come."""
    return shown_stories(page).exclude(status=IncidentStatus.SCHEDULED)


def _of_tab(rows: IncidentQuerySet, tab: Tab) -> IncidentQuerySet:
    if tab is Tab.INCIDENTS:
        return rows.incidents()
    return rows.maintenances() if tab is Tab.MAINTENANCE else rows


def _within(
    rows: IncidentQuerySet, page: Page, facts: PageFacts, months: list[Month]
) -> tuple[IncidentFacts, ...]:
    """Those that began in `months`, which come newest first and without a hole."""
    start, end = months[-1].bounds(facts.zone)[0], months[0].bounds(facts.zone)[1]
    begun = rows.annotate(began=_BEGAN).filter(began__gte=start, began__lt=end)
    return incident_facts(begun.order_by("-began", "-id"), page=page)


def _first_month(page: Page, facts: PageFacts) -> Month:
    """That of the page's creation, or of something that was entered afterwards."""
    oldest = _begun(page).aggregate(oldest=Min(_BEGAN))["oldest"] or page.created_at
    return month_of(min(oldest, page.created_at).astimezone(facts.zone))


def _archived_counts(page: Page, facts: PageFacts) -> dict[Month, int]:
    """How much of each month is in the archive, newest first."""
    rows = _begun(page).filter(archived_at__isnull=False)
    months = rows.annotate(month=TruncMonth(_BEGAN, tzinfo=facts.zone)).values_list("month")
    return {month_of(month): n for month, n in months.annotate(n=Count("id")).order_by("-month")}


def _days(page: Page, month: Month, facts: PageFacts, at: datetime) -> MonthDays:
    """The days of `month` until today. A fold until its end holds the first instant after it."""
    days = ninety_days(page, at=min(at, month.bounds(facts.zone)[1]))
    dated = zip(days.dates, days.page.days, strict=True)
    return MonthDays(
        tuple((date, totals) for date, totals in dated if month_of(date) == month), days.weights
    )
