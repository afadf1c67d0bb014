"""When what is shown changes by the clock alone."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pages.models import Page, StatusClaim
from web.page.facts import IncidentFacts


def next_edge(stories: Iterable[IncidentFacts], at: datetime) -> datetime | None:
    """The next start or end of a maintenance and the next promise that passes. Pure."""
    return min((edge for story in stories for edge in _edges(story) if edge > at), default=None)


def next_pin_end(page: Page, at: datetime) -> datetime | None:
    pins = StatusClaim.objects.live().filter(component__page=page, pinned=True)
    ends = pins.filter(pin_expires_at__gt=at).order_by("pin_expires_at")
    return ends.values_list("pin_expires_at", flat=True).first()


def earliest(*edges: datetime | None) -> datetime | None:
    return min((edge for edge in edges if edge), default=None)


def _edges(story: IncidentFacts) -> Iterator[datetime]:
    if story.is_over:
        return
    yield from story.plan or ()
    if story.next_update_by:
        yield story.next_update_by
