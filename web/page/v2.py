"""The public Status API v2: which endpoint says what. Shapes are in `v2_shapes.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import msgspec

from incidents.models import IncidentQuerySet
from web.page.facts import IncidentFacts, StoriesSnapshot
from web.page.stories import Choice
from web.page.v2_shapes import (
    Object,
    component_object,
    group_object,
    incident_object,
    page_object,
    status_object,
)

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Endpoint:
    """`choose` takes the stories it needs, `parts` are its keys beside `page`."""

    choose: Choice
    parts: tuple[Callable[[StoriesSnapshot], Object], ...]

    def encode(self, snapshot: StoriesSnapshot) -> bytes:
        body = {"page": page_object(snapshot.page)}
        for part in self.parts:
            body |= part(snapshot)
        return msgspec.json.encode(body)


def _nothing(stories: IncidentQuerySet) -> IncidentQuerySet:
    return stories.none()


def _newest_first(stories: IncidentQuerySet) -> IncidentQuerySet:
    return stories.order_by("-created_at", "-id")


def _next_first(stories: IncidentQuerySet) -> IncidentQuerySet:
    return stories.order_by("scheduled_for", "id")


def _unsettled(stories: IncidentQuerySet) -> IncidentQuerySet:
    """All that is open, under way or to come."""
    return _newest_first(stories.open() | stories.running() | stories.upcoming())


def _components(snapshot: StoriesSnapshot) -> Object:
    """Systems and groups together by position, each system before its group."""
    shown = [
        *(component_object(item, snapshot.page) for item in snapshot.components),
        *(group_object(item, snapshot) for item in snapshot.groups),
    ]
    return {"components": sorted(shown, key=lambda item: int(item["position"]))}


def _incidents(snapshot: StoriesSnapshot) -> Object:
    return {"incidents": _told(snapshot, [s for s in snapshot.stories if not s.is_maintenance])}


def _maintenances(snapshot: StoriesSnapshot) -> Object:
    maintenances = [story for story in snapshot.stories if story.is_maintenance]
    return {"scheduled_maintenances": _told(snapshot, maintenances)}


def _status(snapshot: StoriesSnapshot) -> Object:
    return {"status": status_object(snapshot.components)}


def _told(snapshot: StoriesSnapshot, stories: list[IncidentFacts]) -> list[Object]:
    systems: dict[UUID, Object] = {
        item.id: component_object(item, snapshot.page) for item in snapshot.components
    }
    return [incident_object(story, snapshot.page, systems) for story in stories]


ENDPOINTS: dict[str, Endpoint] = {
    "status.json": Endpoint(_nothing, (_status,)),
    "components.json": Endpoint(_nothing, (_components,)),
    "summary.json": Endpoint(_unsettled, (_components, _incidents, _maintenances, _status)),
    "incidents.json": Endpoint(
        lambda stories: _newest_first(stories.incidents())[:LIMIT], (_incidents,)
    ),
    "incidents/unresolved.json": Endpoint(
        lambda stories: _newest_first(stories.open()), (_incidents,)
    ),
    "scheduled-maintenances.json": Endpoint(
        lambda stories: _newest_first(stories.maintenances())[:LIMIT], (_maintenances,)
    ),
    "scheduled-maintenances/upcoming.json": Endpoint(
        lambda stories: _next_first(stories.upcoming()), (_maintenances,)
    ),
    "scheduled-maintenances/active.json": Endpoint(
        lambda stories: _next_first(stories.running()),
        (_maintenances,),
    ),
}
