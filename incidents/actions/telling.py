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
    # What the product says by itself cuts nobody's time to undo short.
    by_itself = [update.incident_id for update in told if update.created_by_id is None]
    held = outbox.held_story_until(by_itself) if by_itself else {}
    news = [
        outbox.News(
            page=by_id[update.incident.page_id],
            message=message_of(
                page=by_id[update.incident.page_id],
                update=update,
                at=at,
                story=stories[update.incident_id],
            ),
            component_ids=stories[update.incident_id].audience,
            hold_until=at + hold if hold else held.get(update.incident_id),
        )
        for update in told
    ]
    for update, notification in zip(told, outbox.enqueue_all(news, at=at), strict=True):
        update.notification_id = notification.pk
    IncidentUpdate.objects.bulk_update(told, ["notification_id"])


def tell_anew(incident: Incident, *, page: Page, at: datetime) -> set[UUID]:
    """Writes what is told of a story and not sent yet once more, as the story is now; their ids.

    Each message carries the whole story, so a change of one update changes them all.
    """
    updates = incident.updates.published().exclude(notification_id=None)
    by_notification = {
        update.notification_id: update for update in updates if update.notification_id
    }
    unsent = outbox.unsent(by_notification)
    if unsent:
        story = read_story(incident)
        for notification_id in unsent:
            update = by_notification[notification_id]
            message = message_of(page=page, update=update, at=at, story=story)
            outbox.rewrite_held(notification_id=notification_id, message=message)
    return unsent


def message_of(*, page: Page, update: IncidentUpdate, at: datetime, story: Story) -> Message:
    """The news of `update`, as subscribers receive it."""
    incident = update.incident
    kind = kind_of(update, story)
    if incident.is_maintenance:
        return maintenance_message(
            kind=kind, page=page, incident=incident, update=update, at=at, story=story
        )
    return incident_message(kind=kind, page=page, update=update, story=story)


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


def _is_told(page: Page, update: IncidentUpdate) -> bool:
    return (
        page.status == Page.State.PUBLISHED
        and update.incident.deliver_notifications
        and update.deliver_notifications
    )
