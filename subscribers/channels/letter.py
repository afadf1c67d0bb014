"""What a mail says: a message as subject, text and HTML of equal content."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from pages.models import Page
from pages.status import Status
from subscribers import markdown
from subscribers.channels.frame import SECRET, UNSUBSCRIBE
from subscribers.message import Kind, Message, in_language

_SUBJECTS: dict[Kind, str] = {
    Kind.INCIDENT_CREATED: "🔴 Incident: {}",
    Kind.INCIDENT_UPDATED: "🟡 Update: {}",
    Kind.INCIDENT_RESOLVED: "🟢 Resolved: {}",
}
_TEMPLATES: dict[Kind, str] = {
    Kind.INCIDENT_CREATED: "incident",
    Kind.INCIDENT_UPDATED: "incident",
    Kind.INCIDENT_RESOLVED: "incident",
    Kind.COMPONENT_CHANGED: "components",
    Kind.VERIFICATION: "verification",
}
# The line under the head: its pattern tells the stage without colour.
_LINES: dict[str, str] = {
    "investigating": "dotted",
    "identified": "dashed",
    "monitoring": "double",
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_NEUTRAL = "#a0adb4"


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


def write(message: Message, *, page: Page, language: str, to_operators: bool) -> Letter:
    """Renders `message`. Raises whatever a template, a zone or a status it does not know does."""
    title = in_language(message.title, language)
    body = in_language(message.body, language)
    subject = _SUBJECTS.get(message.kind, "{}").replace("{}", title)
    context = {
        "message": message,
        "page": page,
        "language": language,
        "title": title,
        "body": body,
        "body_html": markdown.to_html(body),
        "subject": subject,
        "colour": message.status_colour if _COLOUR.fullmatch(message.status_colour) else _NEUTRAL,
        "line": _LINES.get(message.status, "solid"),
        "facts": [(fact.component, Status(fact.new).label) for fact in message.facts],
        "services": ", ".join(fact.component for fact in message.facts),
        "age": _age(message),
        "moment": _moment(message.occurred_at, page.timezone),
        "links": _links(message, to_operators=to_operators),
    }
    name = _TEMPLATES.get(message.kind, "letter")
    return Letter(
        subject=subject,
        text=render_to_string(f"mail/{name}.txt", context),
        html=_inliner().inline(render_to_string(f"mail/{name}.html", context)),
    )


def _links(message: Message, *, to_operators: bool) -> dict[str, str]:
    main = settings.MAIN_URL
    links = {**message.links, "verify": f"{main}/status/verify/{SECRET}"}
    if not to_operators:
        links["manage"] = f"{main}/status/manage/{UNSUBSCRIBE}"
        links["unsubscribe"] = f"{main}/unsubscribe?token={UNSUBSCRIBE}"
    return links


def _age(message: Message) -> str:
    """How long it lasts or lasted, in words: "open for 41 minutes"."""
    if message.began_at is None:
        return ""
    minutes = max(0, int((message.occurred_at - message.began_at).total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    counts = ((days, "day"), (hours, "hour"), (minutes, "minute"))
    words = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in counts if count]
    if not words:
        return ""
    verb = "lasted" if message.kind == Kind.INCIDENT_RESOLVED else "open for"
    return f"{verb} {' '.join(words[:2])}"


def _moment(at: datetime, zone: str) -> str:
    """The page's time and UTC: "Friday 21 November 2025, 14:32 (Berlin), 13:32 UTC"."""
    utc = at.astimezone(UTC)
    local = at.astimezone(ZoneInfo(zone))
    day = f"{local:%A} {local.day} {local:%B %Y}"
    if local.utcoffset() == utc.utcoffset():
        return f"{day}, {utc:%H:%M} UTC"
    city = zone.rpartition("/")[2].replace("_", " ")
    return f"{day}, {local:%H:%M} ({city}), {utc:%H:%M} UTC"


@cache
def _inliner() -> css_inline.CSSInliner:
    """Rules for dark screens stay in the head: no attribute can hold them."""
    return css_inline.CSSInliner(
        keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False
    )
