"""An incident in the words of Statuspage's webhooks, for channels that pass it on."""

from datetime import UTC, datetime
from typing import Any

from incidents.models import Incident, IncidentUpdate, UpdateComponent
from incidents.stories import Story
from pages.links import short_url


def incident_payload(story: Story) -> dict[str, Any]:
    """The `incident` object of a webhook body, its updates newest first."""
    incident = story.incident
    return {
        "id": str(incident.id),
        "name": incident.name,
        "status": incident.status,
        "impact": incident.effective_impact,
        "impact_override": incident.impact_override,
        "page_id": str(incident.page_id),
        "shortlink": short_url(incident.code),
        "created_at": _stamp(incident.created_at),
        "updated_at": _stamp(incident.updated_at),
        "started_at": _stamp(incident.started_at),
        "monitoring_at": _stamp(incident.monitoring_at),
        "resolved_at": _stamp(incident.resolved_at),
        "backfilled": incident.backfilled,
        **_schedule(incident),
        "incident_updates": [
            _update_payload(update, story.changes.get(update.id, [])) for update in story.updates
        ],
    }


def _schedule(incident: Incident) -> dict[str, Any]:
    return {
        "scheduled_for": _stamp(incident.scheduled_for),
        "scheduled_until": _stamp(incident.scheduled_until),
        "scheduled_remind_prior": incident.scheduled_remind_prior,
        "scheduled_auto_in_progress": incident.scheduled_auto_in_progress,
        "scheduled_auto_completed": incident.scheduled_auto_completed,
    }


def _update_payload(update: IncidentUpdate, changes: list[UpdateComponent]) -> dict[str, Any]:
    return {
        "id": str(update.id),
        "incident_id": str(update.incident_id),
        "status": update.status,
        "body": update.body,
        "created_at": _stamp(update.created_at),
        "updated_at": _stamp(update.updated_at),
        "display_at": _stamp(update.display_at),
        "deliver_notifications": update.deliver_notifications,
        "affected_components": [
            {
                "code": str(change.component_id),
                "name": _full_name(change.component.name, change.component.group),
                "old_status": change.old_status,
                "new_status": change.new_status,
            }
            for change in changes
        ]
        or None,
    }


def _full_name(name: str, group: object) -> str:
    return f"{group} - {name}" if group else name


def _stamp(moment: datetime | None) -> str | None:
    """RFC 3339 with three fraction digits, as every Statuspage client expects."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
