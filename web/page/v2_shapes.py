"""Statuspage's objects: every key always, null where unknown. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from incidents.lifecycle import IncidentStatus
from pages.status import Status, worst
from web.page.facts import (
    ComponentFacts,
    GroupFacts,
    IncidentFacts,
    PageFacts,
    PostmortemFacts,
    StoriesSnapshot,
    UpdateFacts,
)
from web.page.rollup import rollup

Object = dict[str, Any]

POSTMORTEM = "postmortem"


def page_object(page: PageFacts) -> Object:
    return {
        "id": page.id,
        "name": page.name,
        "url": page.url,
        "time_zone": page.zone.key,
        "updated_at": _stamp(page.updated_at),
    }


def status_object(components: Sequence[ComponentFacts]) -> Object:
    return rollup([item.status for item in components if item.status])._asdict()


def component_object(component: ComponentFacts, page: PageFacts) -> Object:
    return {
        "id": component.id,
        "name": component.name,
        "status": _known(component.status),
        "created_at": _stamp(component.created_at),
        "updated_at": _stamp(component.updated_at),
        "position": component.position,
        "description": component.description,
        "showcase": True,
        "start_date": None,
        "group_id": component.group_id,
        "page_id": page.id,
        "group": False,
        "only_show_if_degraded": False,
    }


def group_object(group: GroupFacts, snapshot: StoriesSnapshot) -> Object:
    children = [item for item in snapshot.components if item.group_id == group.id]
    return {
        "id": group.id,
        "name": group.name,
        "status": worst(item.status for item in children if item.status),
        "created_at": _stamp(group.created_at),
        "updated_at": _stamp(group.updated_at),
        "position": group.position,
        "description": None,
        "showcase": False,
        "start_date": None,
        "group_id": None,
        "page_id": snapshot.page.id,
        "group": True,
        "only_show_if_degraded": False,
        "components": [item.id for item in children],
    }


def incident_object(
    story: IncidentFacts, page: PageFacts, systems: Mapping[UUID, Object]
) -> Object:
    """An incident, or a maintenance with its plan. `systems` are component objects by id."""
    told = [_update(update, story) for update in story.updates]
    learned = story.postmortem if story.status is IncidentStatus.RESOLVED else None
    if learned:
        told.insert(0, _postmortem(learned, story))
    shown = {
        "id": story.id,
        "name": story.name,
        "status": POSTMORTEM if learned else _stage(story.status),
        "created_at": _stamp(story.created_at),
        "updated_at": _stamp(story.updated_at),
        "monitoring_at": _stamp(story.monitoring_at),
        "resolved_at": _stamp(story.resolved_at),
        "impact": story.impact,
        "shortlink": story.shortlink,
        "started_at": _stamp(story.started_at),
        "page_id": page.id,
        "incident_updates": told,
        "components": [
            systems[item.component_id] for item in story.affected if item.component_id in systems
        ],
    }
    if story.plan:
        shown["scheduled_for"] = _stamp(story.plan.starts_at)
        shown["scheduled_until"] = _stamp(story.plan.ends_at)
    return shown


def _update(update: UpdateFacts, story: IncidentFacts) -> Object:
    return {
        "id": update.id,
        "status": _stage(update.status),
        "body": update.body,
        "incident_id": story.id,
        "created_at": _stamp(update.created_at),
        "updated_at": _stamp(update.updated_at),
        "display_at": _stamp(update.display_at),
        "affected_components": [
            {
                "code": change.component_id,
                "name": change.name,
                "old_status": _known(change.old),
                "new_status": _known(change.new),
            }
            for change in update.changes
        ]
        or None,
        "deliver_notifications": update.deliver_notifications,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _postmortem(written: PostmortemFacts, story: IncidentFacts) -> Object:
    """The format knows it as the newest update."""
    return {
        "id": written.id,
        "status": POSTMORTEM,
        "body": written.body,
        "incident_id": story.id,
        "created_at": _stamp(written.published_at),
        "updated_at": _stamp(max(written.published_at, written.updated_at)),
        "display_at": _stamp(written.published_at),
        "affected_components": None,
        "deliver_notifications": written.told,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _stage(stage: IncidentStatus) -> IncidentStatus:
    """The format has no word for what was cancelled; it does not take place any more."""
    return IncidentStatus.COMPLETED if stage is IncidentStatus.CANCELLED else stage


def _known(status: Status | None) -> Status:
    """The format has no word for a status that we do not know."""
    return status or Status.OPERATIONAL


def _stamp(moment: datetime | None) -> str | None:
    """UTC with three fraction digits."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
