"""A channel that refuses everything rests a while, and operators hear of it once."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.timezone import now

from pages.links import page_url
from pages.models import Page
from subscribers import outbox
from subscribers.message import DEFAULT_LANGUAGE, Kind, Message
from subscribers.models import ChannelPause
from subscribers.retry import rest

log = logging.getLogger(__name__)

TELL_AGAIN_AFTER = timedelta(hours=6)


def pause(channel: str, *, page: Page, only_this_page: bool, reason: str) -> None:
    """Rests the channel, for all pages or for one; longer each time until it accepts again."""
    at = now()
    scope = page if only_this_page else None
    with transaction.atomic():
        row, _made = ChannelPause.objects.select_for_update().get_or_create(
            channel=channel, page=scope
        )
        row.strikes += 1
        row.paused_until = Now() + rest(row.strikes)
        row.reason = reason
        row.updated_at = at
        tell = row.told_at is None or row.told_at < at - TELL_AGAIN_AFTER
        if tell:
            row.told_at = at
        row.save()
        if tell:
            outbox.enqueue_for_operators(page=page, message=_notice(page, reason, at), at=at)
    log.error("channel %s rests, strike %d: %s", channel, row.strikes, reason)


def in_trouble(channel: str) -> bool:
    """Whether some refusal was not followed by an acceptance yet."""
    return ChannelPause.objects.filter(channel=channel, strikes__gt=0).exists()


def accepted(channel: str, page: Page) -> None:
    """The channel works again; the row stays and remembers that operators were told."""
    ChannelPause.objects.filter(
        Q(page=page) | Q(page__isnull=True), channel=channel, strikes__gt=0
    ).update(strikes=0, paused_until=None, updated_at=now())


def _notice(page: Page, reason: str, at: datetime) -> Message:
    return Message(
        kind=Kind.OPERATOR_NOTICE,
        title={DEFAULT_LANGUAGE: f"Mails of {page.name} are refused"},
        body={
            DEFAULT_LANGUAGE: "The mail server refuses what we send. Nothing is lost: "
            f"deliveries wait and are tried again for six hours. The answer was:\n\n    {reason}"
        },
        occurred_at=at,
        links={"page": page_url(page)},
    )
