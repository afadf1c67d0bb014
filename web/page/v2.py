"""The public Status API v2 in Statuspage's exact shapes: every key always, null where unknown."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from pages.status import Status, worst
from web.page.facts import (
    ComponentFacts,
    GroupFacts,
    IncidentFacts,
    PageFacts,
    Snapshot,
    UpdateFacts,
)
from web.page.rollup import rollup

Object = dict[str, Any]


def status_json(snapshot: Snapshot) -> bytes:
    return msgspec.json.encode(
        {"page": _page(snapshot.page), "status": _status(snapshot.components)}
    )


def summary_json(snapshot: Snapshot) -> bytes:
    """Unresolved incidents only; this product has no scheduled maintenance yet."""
    components = {item.id: _component(item, snapshot.page) for item in snapshot.components}
    groups = [_group(item, snapshot) for item in snapshot.groups]
    return msgspec.json.encode(
        {
            "page": _page(snapshot.page),
            "components": sorted(
                [*components.values(), *groups], key=lambda item: int(item["position"])
            ),
            "incidents": [
                _incident(item, snapshot.page, components) for item in snapshot.open_incidents
            ],
            "scheduled_maintenances": [],
            "status": _status(snapshot.components),
        }
    )


def _page(page: PageFacts) -> Object:
    return {
        "id": page.id,
        "name": page.name,
        "url": page.url,
        "time_zone": page.zone.key,
        "updated_at": _stamp(page.updated_at),
    }


def _status(components: Sequence[ComponentFacts]) -> Object:
    return rollup([item.status for item in components if item.status])._asdict()


def _component(component: ComponentFacts, page: PageFacts) -> Object:
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


def _group(group: GroupFacts, snapshot: Snapshot) -> Object:
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


def _incident(incident: IncidentFacts, page: PageFacts, components: dict[UUID, Object]) -> Object:
    return {
        "id": incident.id,
        "name": incident.name,
        "status": incident.status,
        "created_at": _stamp(incident.created_at),
        "updated_at": _stamp(incident.updated_at),
        "monitoring_at": _stamp(incident.monitoring_at),
        "resolved_at": _stamp(incident.resolved_at),
        "impact": incident.impact,
        "shortlink": incident.url,
        "started_at": _stamp(incident.started_at),
        "page_id": page.id,
        "incident_updates": [_update(update, incident) for update in incident.updates],
        "components": [
            components[item.component_id]
            for item in incident.affected
            if item.component_id in components
        ],
    }


def _update(update: UpdateFacts, incident: IncidentFacts) -> Object:
    return {
        "id": update.id,
        "status": update.status,
        "body": update.body,
        "incident_id": incident.id,
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
        "deliver_notifications": True,
        "custom_tweet": None,
        "tweet_id": None,
    }


def _known(status: Status | None) -> Status:
    """The format has no word for a status that we do not know."""
    return status or Status.OPERATIONAL


def _stamp(moment: datetime | None) -> str | None:
    """UTC with three fraction digits."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
