"""What operators ask of the mail of a page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from pages.models import Page
from subscribers.models import ChannelPause


@dataclass(frozen=True, slots=True)
class Rest:
    """Why a channel sends nothing, in the words of the remote, and when it is tried again.

    `until` is in the past when it is tried with the next message.
    """

    channel: str
    reason: str
    until: datetime


def resting(page: Page) -> list[Rest]:
    """The channels that refused the page's mail, or everybody's, and accepted none since."""
    pauses = ChannelPause.objects.filter(
        Q(page=page) | Q(page__isnull=True), strikes__gt=0, paused_until__isnull=False
    )
    rows = pauses.order_by("-paused_until").values_list("channel", "reason", "paused_until")
    return [Rest(channel, reason, until) for channel, reason, until in rows if until]
