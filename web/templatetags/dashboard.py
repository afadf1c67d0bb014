"""What the dashboard's templates say often: marks, ages, pills."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import TypeVar
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now

from accounts.models import User
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.status import Status, worst
from subscribers.markdown import to_html
from web.dashboard.postmortem_state import PostmortemState, state_of
from web.dashboard.words import length

T = TypeVar("T")
register = template.Library()

_SHAPES = {
    "resolved": "operational",
    "completed": "operational",
    "in_progress": "under_maintenance",
    "verifying": "monitoring",
}
_DELIVERY_MARKS = {
    "sent": "operational",
    "failed": "major_outage",
    "skipped": "cancelled",
    "cancelled": "cancelled",
}


@register.simple_tag
def mark(name: str, size: str = "") -> SafeString:
    """The sign of a state or stage; words always stand beside it. `size` is "", small, large."""
    return format_html(
        '<svg class="mark {} {}" viewBox="0 0 20 20" aria-hidden="true">'
        '<use href="#m-{}"></use></svg>',
        name,
        size,
        _SHAPES.get(name, name),
    )


@register.filter
def since(moment: datetime) -> str:
    """How long ago `moment` was, as "50 min"."""
    return length(now() - moment)


@register.simple_tag
def state(status: str) -> SafeString:
    """A component's status as mark and words."""
    return format_html('<span class="state">{}{}</span>', mark(status), Status(status).label)


@register.simple_tag
def promise(incident: Incident, at: datetime) -> SafeString | str:
    """What visitors were promised and how it stands, in the zone of the page."""
    due = incident.next_update_by
    if due is None:
        return ""
    if due <= at:
        return format_html("<strong>Update was due {} ago.</strong>", length(at - due))
    local = due.astimezone(ZoneInfo(incident.page.timezone))
    sentence = "<strong>Next update promised by {}, in {}.</strong>"
    return format_html(sentence, f"{local:%H:%M}", length(due - at))


@register.filter
def entry(table: Mapping[object, T], key: object) -> T | None:
    return table.get(key)


@register.filter
def seconds_until(moment: datetime) -> int:
    return max(0, ceil((moment - now()).total_seconds()))


@register.filter
def stage(status: str) -> str:
    return IncidentStatus(status).label


@register.filter
def in_story(updates: Iterable[IncidentUpdate]) -> list[IncidentUpdate]:
    """Without those that wait for their time."""
    return [each for each in updates if each.published_at or each.status == IncidentStatus.DRAFT]


@register.filter
def waits(update: IncidentUpdate) -> bool:
    """Whether it appears by itself at its time."""
    return update.published_at is None and update.status != IncidentStatus.DRAFT


@register.filter
def shown(updates: Iterable[IncidentUpdate]) -> list[IncidentUpdate]:
    """Those that visitors can read."""
    return [update for update in updates if update.published_at]


@register.filter
def byline(author: User) -> str:
    """A short name for narrow places: the first name, else the address up to its @."""
    return author.name.split()[0] if author.name.strip() else author.email.partition("@")[0]


@register.filter
def lasted(incident: Incident) -> str:
    """How long a story took that is over."""
    return length(incident.resolved_at - incident.started_at) if incident.resolved_at else ""


@register.filter
def postmortem_state(incident: Incident) -> PostmortemState:
    """The incident should have its postmortem selected along."""
    return state_of(incident)


@register.filter
def worst_now(incident: Incident) -> Status:
    """The worst of what the incident says of its components."""
    return worst(Status(row.status) for row in incident.affected.all())


@register.filter
def delivery_mark(state_name: str) -> str:
    return _DELIVERY_MARKS.get(state_name, "nodata")


@register.filter
def markdown(text: str) -> SafeString:
    return to_html(text)


@register.filter
def first_of(rows: Sequence[T], limit: int) -> Sequence[T]:
    """The first `limit` rows; 0 means all."""
    return list(rows)[: limit or None]


@register.filter
def left_over(rows: Sequence[object], limit: int) -> int:
    """How many rows `first_of` leaves out."""
    return max(0, len(rows) - limit) if limit else 0


@register.filter
def plain_url(url: str) -> str:
    """An address without its scheme, for reading."""
    return url.partition("://")[2]
