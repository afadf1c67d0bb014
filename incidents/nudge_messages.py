"""What operators are told of an open incident that nobody has spoken of."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from incidents.models import Incident
from pages.links import page_url
from pages.models import Page
from subscribers.message import Kind, Message


def silence_message(
    *, page: Page, incident: Incident, since: datetime, silent: timedelta, at: datetime
) -> Message:
    """Nothing was said since `since`, for `silent` as it was asked for."""
    return _nudge(
        page=page,
        incident=incident,
        title=f"No update for {_words(silent)}: {incident.name}",
        body=(
            f"Visitors still read the update of {_clock(since, page)}. Tell them how it stands, "
            "also when there is no news."
        ),
        at=at,
    )


def promise_message(*, page: Page, incident: Incident, due_at: datetime, at: datetime) -> Message:
    """Visitors were promised an update by `due_at`, and there is none."""
    return _nudge(
        page=page,
        incident=incident,
        title=f"The promised update is due: {incident.name}",
        body=(
            f"Visitors were promised an update by {_clock(due_at, page)}. Post it, or say by when "
            "there will be one."
        ),
        at=at,
    )


def _nudge(*, page: Page, incident: Incident, title: str, body: str, at: datetime) -> Message:
    path = f"/status-pages/{page.pk}/incidents/{incident.pk}/update"
    return Message(
        kind=Kind.OPERATOR_NOTICE,
        title={"en": title},
        body={"en": body},
        links={"page": page_url(page), "dashboard": f"{settings.MAIN_URL}{path}"},
        occurred_at=at,
    )


def _clock(moment: datetime, page: Page) -> str:
    return f"{moment.astimezone(ZoneInfo(page.timezone)):%H:%M} ({page.timezone})"


def _words(span: timedelta) -> str:
    """`span` in hours and minutes: "3 hours", "1 hour 30 minutes"."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    counts = ((hours, "hour"), (minutes, "minute"))
    return " ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count)
