"""Months and the archive as HTML documents."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.template.loader import render_to_string

from web.page import bars
from web.page.addresses import archive_path, history_path, page_path
from web.page.facts import IncidentFacts, PageFacts
from web.page.history import ArchiveSnapshot, HistorySnapshot, MonthFacts, Tab, quiet, summary
from web.page.months import Month
from web.page.render import frame
from web.page.shelf import Way
from web.page.story import Story, tell
from web.page.words import short_day


@dataclass(frozen=True, slots=True)
class Chapter:
    """A month as it is printed; `entries` are (day, story)."""

    id: str
    title: str
    summary: str
    entries: list[tuple[str, Story]]
    quiet: str = ""
    lines: list[bars.Line] = field(default_factory=list)
    columns: int = 0
    archived: Way | None = None

    @property
    def width(self) -> int:
        """Of its strip, in pixels."""
        return 8 * self.columns


def history_html(snapshot: HistorySnapshot) -> str:
    page, tab, asked = snapshot.page, snapshot.tab, snapshot.asked
    return render_to_string(
        "public/history.html",
        {
            **frame(page),
            "url": _url(page, history_path(page.subdomain, asked, tab)),
            "title": asked.words if asked else "History",
            "tabs": [
                Way(each.label, history_path(page.subdomain, asked, each), each is tab)
                for each in Tab
            ],
            "chapters": [_chapter(month, snapshot) for month in snapshot.months],
            "earlier": _way(snapshot.earlier, snapshot),
            "later": _way(snapshot.later, snapshot),
            "first": snapshot.first.words,
            "archive_path": archive_path(page.subdomain),
        },
    )


def archive_html(snapshot: ArchiveSnapshot) -> str:
    page, month = snapshot.page, snapshot.month
    return render_to_string(
        "public/archive.html",
        {
            **frame(page),
            "url": _url(page, archive_path(page.subdomain, month)),
            "title": f"Archive, {month.words}" if month else "Archive",
            "archive_path": archive_path(page.subdomain),
            "months": [
                Way(each.words, archive_path(page.subdomain, each), each == month)
                for each, _ in snapshot.counts
            ],
            "chapters": [_archived_chapter(month, snapshot)] if month else [],
        },
    )


def _chapter(facts: MonthFacts, snapshot: HistorySnapshot) -> Chapter:
    page, tab, at = snapshot.page, snapshot.tab, snapshot.read_at
    return Chapter(
        id=str(facts.month),
        title=facts.month.words,
        summary=summary(facts.stories, tab, at),
        entries=_entries(facts.stories, page, at),
        quiet="" if facts.stories else quiet(facts, tab),
        lines=bars.lines(bars.classes([day for _, day in facts.days.totals], facts.days.weights)),
        columns=len(facts.days.totals),
        archived=_to_archive(facts, page),
    )


def _archived_chapter(month: Month, snapshot: ArchiveSnapshot) -> Chapter:
    return Chapter(
        id=str(month),
        title=month.words,
        summary=summary(snapshot.stories, Tab.EVERYTHING, snapshot.read_at),
        entries=_entries(snapshot.stories, snapshot.page, snapshot.read_at),
    )


def _entries(
    stories: Sequence[IncidentFacts], page: PageFacts, at: datetime
) -> list[tuple[str, Story]]:
    return [
        (short_day(story.began_at.astimezone(page.zone)), tell(story, page, at))
        for story in stories
    ]


def _to_archive(facts: MonthFacts, page: PageFacts) -> Way | None:
    if not facts.archived:
        return None
    words = f"{facts.archived} more in the archive" if facts.stories else "In the archive"
    return Way(words, archive_path(page.subdomain, facts.month))


def _way(month: Month | None, snapshot: HistorySnapshot) -> Way | None:
    if month is None:
        return None
    return Way(month.words, history_path(snapshot.page.subdomain, month, snapshot.tab))


def _url(page: PageFacts, path: str) -> str:
    """`path`, which is below the page's, in full."""
    return page.url + path.removeprefix(page_path(page.subdomain))
