"""Incidents and maintenances without the page around them, at one moment."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from incidents.models import IncidentQuerySet
from pages.lookup import published_page
from web.page.edges import earliest, next_edge, next_pin_end
from web.page.facts import IncidentSnapshot, StoriesSnapshot
from web.page.incident_facts import incident_facts, shown_stories
from web.page.moment import one_moment
from web.page.page_facts import component_facts, group_facts, page_facts

Choice = Callable[[IncidentQuerySet], IncidentQuerySet]


def incident_snapshot(page_ref: str, incident_id: UUID, *, at: datetime) -> IncidentSnapshot | None:
    """A public incident or maintenance of a published page, None where there is none."""
    with one_moment():
        page = published_page(page_ref)
        if page is None:
            return None
        found = incident_facts(shown_stories(page).filter(id=incident_id), page=page)
        if not found:
            return None
        return IncidentSnapshot(
            page=page_facts(page),
            incident=found[0],
            read_at=at,
            valid_until=next_edge(found, at),
        )


def stories_snapshot(page_ref: str, choose: Choice, *, at: datetime) -> StoriesSnapshot | None:
    """Those that `choose` takes out of all that visitors may know, in its order."""
    with one_moment():
        page = published_page(page_ref)
        if page is None:
            return None
        stories = incident_facts(choose(shown_stories(page)), page=page)
        return StoriesSnapshot(
            page=page_facts(page),
            groups=group_facts(page),
            components=component_facts(page, {}),
            stories=stories,
            valid_until=earliest(next_pin_end(page, at), next_edge(stories, at)),
        )
