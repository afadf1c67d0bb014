"""Where in the history a story stands. Pure."""

from dataclasses import dataclass

from web.page.addresses import archive_path, history_path
from web.page.facts import IncidentFacts, PageFacts
from web.page.months import month_of


@dataclass(frozen=True, slots=True)
class Way:
    """A link in words; `is_here` when it leads to where one is."""

    words: str
    path: str
    is_here: bool = False


def shelf(story: IncidentFacts, page: PageFacts) -> Way:
    """Its month, there or in the archive; what is to come has none yet."""
    if story.is_upcoming:
        return Way("History", history_path(page.subdomain))
    month = month_of(story.began_at.astimezone(page.zone))
    path = archive_path if story.archived_at else history_path
    return Way(month.words, path(page.subdomain, month))
