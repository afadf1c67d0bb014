"""What was told, to how many, and how it went: reads for overview and deliveries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, QuerySet

from pages.models import Page
from subscribers.message import in_language
from subscribers.models import Delivery, Notification
from web.dashboard.words import length

_TO_ONE = (Notification.Audience.SUBSCRIBER, Notification.Audience.OPERATOR)


@dataclass(slots=True)
class Telling:
    """A notification with its deliveries counted by state."""

    notification: Notification
    counts: Counter[str] = field(default_factory=Counter)
    last_sent_at: datetime | None = None

    @property
    def title(self) -> str:
        return in_language(self.notification.message.get("title", {}), "en")

    @property
    def kind(self) -> str:
        return self.notification.kind.replace("_", " ")

    @property
    def by_state(self) -> list[tuple[str, str, int]]:
        """Name, word and count of each state that occurs."""
        return [
            (state.value, state.label, self.counts[state])
            for state in Delivery.State
            if self.counts[state]
        ]

    @property
    def waiting(self) -> int:
        return self.counts[Delivery.State.PENDING] + self.counts[Delivery.State.SENDING]

    @property
    def took(self) -> str:
        """Until the last recipient's server had it; empty while some wait or none was sent."""
        if self.waiting or self.last_sent_at is None:
            return ""
        return length(self.last_sent_at - self.notification.created_at)


def told_to_many(page: Page) -> QuerySet[Notification]:
    """Newest first, without verifications, tests and other mail to a single person."""
    return page.notifications.exclude(audience__in=_TO_ONE).order_by("-created_at", "-id")


def tellings(notifications: Sequence[Notification]) -> list[Telling]:
    """Counts for all of them in one query."""
    found: dict[UUID, Telling] = {one.id: Telling(one) for one in notifications}
    rows = Delivery.objects.filter(notification__in=found).values("notification_id", "state")
    for row in rows.annotate(n=Count("id"), last=Max("sent_at")).order_by():
        telling = found[row["notification_id"]]
        telling.counts[row["state"]] = row["n"]
        telling.last_sent_at = max(filter(None, [telling.last_sent_at, row["last"]]), default=None)
    return list(found.values())


def count_failed(page: Page) -> int:
    """Deliveries of the page that ended in failure."""
    failed = Delivery.objects.filter(state=Delivery.State.FAILED)
    return failed.filter(notification__page=page).count()
