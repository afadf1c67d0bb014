"""Telling what an update says: now, after a hold, or nobody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from incidents.lifecycle import OVER, IncidentStatus
from incidents.maintenance_messages import maintenance_message
from incidents.messages import incident_message
from incidents.models import Incident, IncidentUpdate
from incidents.stories import Story, read_stories, read_story
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
    announce_all([update], pages=[page], at=at, hold=hold)


def announce_all(
    updates: Sequence[IncidentUpdate],
    *,
    pages: Iterable[Page],
    at: datetime,
    hold: timedelta = NO_HOLD,
) -> None:
    """`announce` for the newest updates of many stories on `pages`; a fixed number of queries."""
    by_id = {page.pk: page for page in pages}
    stories = read_stories([update.incident for update in updates])
    covered: dict[Page, set[UUID]] = defaultdict(set)
    for incident in (update.incident for update in updates):
        if incident.status not in OVER:
            covered[by_id[incident.page_id]].update(stories[incident.pk].component_ids)
    outbox.drop_changes_of(covered)
    told = [update for update in updates if _is_told(by_id[update.incident.page_id], update)]
    news = [
        _news(by_id[update.incident.page_id], update, stories[update.incident_id], at, hold)
        for update in told
    ]
    for update, notification in zip(told, outbox.enqueue_all(news, at=at), strict=True):
        update.notification_id = notification.pk
    IncidentUpdate.objects.bulk_update(told, ["notification_id"])


def message_of(
    *, page: Page, update: IncidentUpdate, at: datetime, story: Story | None = None
) -> Message:
    """The news of `update`, as subscribers receive it; the `story` is read unless it is given."""
    incident = update.incident
    story = story or read_story(incident)
    kind = kind_of(update, story)
    if incident.is_maintenance:
        return maintenance_message(
            kind=kind, page=page, incident=incident, update=update, at=at, story=story
        )
    return incident_message(kind=kind, page=page, update=update, story=story)


def audience_of(incident: Incident) -> list[UUID] | None:
    """The components whose followers are told; None is the whole page."""
    return _component_ids(incident) if incident.names_components else None


def kind_of(update: IncidentUpdate, story: Story) -> Kind:
    """The kind of news that a published update is, by its place in the story."""
    status = IncidentStatus(update.status)
    others = (each for each in story.updates if each != update)
    earlier = next((each for each in others if each.display_at <= update.display_at), None)
    if story.incident.is_maintenance:
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


def _news(
    page: Page, update: IncidentUpdate, story: Story, at: datetime, hold: timedelta
) -> outbox.News:
    return outbox.News(
        page=page,
        message=message_of(page=page, update=update, at=at, story=story),
        component_ids=story.component_ids if story.incident.names_components else None,
        hold_until=at + hold if hold else None,
    )


def _is_told(page: Page, update: IncidentUpdate) -> bool:
    return (
        page.status == Page.State.PUBLISHED
        and update.incident.deliver_notifications
        and update.deliver_notifications
    )


def _component_ids(incident: Incident) -> list[UUID]:
    return list(incident.affected.values_list("component_id", flat=True))
