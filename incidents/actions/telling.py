"""Telling what an update says: now, after a hold, or nobody."""

from datetime import datetime, timedelta
from uuid import UUID

from incidents.lifecycle import OVER, IncidentStatus
from incidents.maintenance_messages import maintenance_message
from incidents.messages import incident_message
from incidents.models import Incident, IncidentUpdate
from pages.models import Page
from subscribers import outbox
from subscribers.message import Kind, Message

NO_HOLD = timedelta()


def announce(
    *, page: Page, update: IncidentUpdate, at: datetime, hold: timedelta = NO_HOLD
) -> None:
    """Tells a published page's subscribers, unless the story or the update is silent.

    Component notices it covers are dropped. Until `hold` is over the news can be taken back.
    """
    incident = update.incident
    if incident.status not in OVER:
        outbox.drop_component_changes(page=page, component_ids=_component_ids(incident))
    if not _is_told(page, update):
        return
    notification = outbox.enqueue(
        page=page,
        message=message_of(page=page, update=update, at=at),
        component_ids=audience_of(incident),
        at=at,
        hold_until=at + hold if hold else None,
    )
    update.notification_id = notification.pk
    update.save(update_fields=["notification_id"])


def message_of(*, page: Page, update: IncidentUpdate, at: datetime) -> Message:
    """The news of `update`, as subscribers receive it."""
    incident, kind = update.incident, kind_of(update)
    if incident.is_maintenance:
        return maintenance_message(kind=kind, page=page, incident=incident, update=update, at=at)
    return incident_message(kind=kind, page=page, update=update)


def audience_of(incident: Incident) -> list[UUID] | None:
    """The components whose followers are told; None is the whole page."""
    return _component_ids(incident) if incident.names_components else None


def kind_of(update: IncidentUpdate) -> Kind:
    """The kind of news that a published update is, by its place in the story."""
    status = IncidentStatus(update.status)
    before = update.incident.updates.published().told().exclude(pk=update.pk)
    earlier = before.filter(display_at__lte=update.display_at).last()
    if update.incident.is_maintenance:
        return _maintenance_kind(status, earlier)
    if status is IncidentStatus.RESOLVED:
        return Kind.INCIDENT_RESOLVED
    return Kind.INCIDENT_UPDATED if earlier else Kind.INCIDENT_CREATED


def _maintenance_kind(status: IncidentStatus, earlier: IncidentUpdate | None) -> Kind:
    if status in _ENDS:
        return _ENDS[status]
    if earlier is None:
        return Kind.MAINTENANCE_SCHEDULED
    if status is IncidentStatus.SCHEDULED:
        return Kind.MAINTENANCE_MOVED
    begins = earlier.status == IncidentStatus.SCHEDULED
    return Kind.MAINTENANCE_STARTED if begins else Kind.MAINTENANCE_UPDATED


_ENDS = {
    IncidentStatus.COMPLETED: Kind.MAINTENANCE_COMPLETED,
    IncidentStatus.CANCELLED: Kind.MAINTENANCE_CANCELLED,
}


def _is_told(page: Page, update: IncidentUpdate) -> bool:
    return (
        page.status == Page.State.PUBLISHED
        and update.incident.deliver_notifications
        and update.deliver_notifications
    )


def _component_ids(incident: Incident) -> list[UUID]:
    return list(incident.affected.values_list("component_id", flat=True))
