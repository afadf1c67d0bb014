"""What a mail says: a message as subject, text and HTML of equal content."""

import re
from dataclasses import dataclass
from functools import cache

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from pages.models import Page
from pages.status import Status
from subscribers import markdown
from subscribers.channels import moments
from subscribers.channels.frame import SECRET, UNSUBSCRIBE
from subscribers.message import Kind, Message, in_language

# Template and subject of each kind; others are plain letters.
_FORMS: dict[Kind, tuple[str, str]] = {
    Kind.INCIDENT_CREATED: ("incident", "🔴 Incident: {title}"),
    Kind.INCIDENT_UPDATED: ("incident", "🟡 Update: {title}"),
    Kind.INCIDENT_RESOLVED: ("incident", "🟢 Resolved: {title}"),
    Kind.MAINTENANCE_SCHEDULED: ("maintenance", "Scheduled maintenance: {title}"),
    Kind.MAINTENANCE_MOVED: ("maintenance", "Maintenance moved: {title}"),
    Kind.MAINTENANCE_REMINDER: ("maintenance", "Maintenance starts {when}: {title}"),
    Kind.MAINTENANCE_STARTED: ("maintenance", "Maintenance started: {title}"),
    Kind.MAINTENANCE_UPDATED: ("maintenance", "Maintenance update: {title}"),
    Kind.MAINTENANCE_COMPLETED: ("maintenance", "Maintenance completed: {title}"),
    Kind.MAINTENANCE_CANCELLED: ("maintenance", "Maintenance cancelled: {title}"),
    Kind.POSTMORTEM_PUBLISHED: ("postmortem", "Postmortem: {title}"),
    Kind.COMPONENT_CHANGED: ("components", "{title}"),
    Kind.VERIFICATION: ("verification", "{title}"),
    Kind.DRAFT_NOTICE: ("draft", "{title}"),
}
_LETTER = ("letter", "{title}")
# Maintenance that is still to come: what it will do to its components is no news of them.
_AHEAD = {Kind.MAINTENANCE_SCHEDULED, Kind.MAINTENANCE_MOVED, Kind.MAINTENANCE_REMINDER}
_SPANS: dict[Kind, str] = {
    Kind.MAINTENANCE_MOVED: "New time: {}",
    Kind.MAINTENANCE_CANCELLED: "Was planned for {}",
}
# The line under the head: its pattern tells the stage without colour.
_LINES: dict[str, str] = {
    "investigating": "dotted",
    "identified": "dashed",
    "monitoring": "double",
    "scheduled": "dotted",
    "in_progress": "dashed",
    "verifying": "double",
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
    template, pattern = _FORMS.get(message.kind, _LETTER)
    subject = _subject(pattern, message, title)
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
        "services": ", ".join(fact.component for fact in message.facts),
        "facts": _facts(message),
        "age": _age(message),
        "moment": moments.moment(message.occurred_at, page.timezone),
        "until_start": _until_start(message),
        "span": _span(message, page.timezone),
        "next_update": _next_update(message, page.timezone),
        "links": _links(message, to_operators=to_operators),
    }
    return Letter(
        subject=subject,
        text=render_to_string(f"mail/{template}.txt", context),
        html=_inliner().inline(render_to_string(f"mail/{template}.html", context)),
    )


def _subject(pattern: str, message: Message, title: str) -> str:
    """The title comes last: what it holds is not read as a pattern."""
    subject = pattern.replace("{when}", _until_start(message)).replace("{title}", title)
    return f"[Test] {subject}" if message.is_test else subject


def _until_start(message: Message) -> str:
    """How far ahead a maintenance is: "in 3 hours"; empty for all other news."""
    if message.kind not in _AHEAD or message.starts_at is None:
        return ""
    return moments.until(message.starts_at, told_at=message.occurred_at)


def _facts(message: Message) -> list[tuple[str, str]]:
    """Components and the words of their status."""
    if message.kind in _AHEAD:
        return []
    return [(fact.component, Status(fact.new).label) for fact in message.facts]


def _links(message: Message, *, to_operators: bool) -> dict[str, str]:
    main = settings.MAIN_URL
    links = {**message.links, "verify": f"{main}/status/verify/{SECRET}"}
    if message.kind == Kind.DRAFT_NOTICE:
        links["decide"] = f"{main}/drafts/{SECRET}"
    if message.kind not in _AHEAD:
        links.pop("calendar", None)
    if not to_operators:
        links["manage"] = f"{main}/status/manage/{UNSUBSCRIBE}"
        links["unsubscribe"] = f"{main}/unsubscribe?token={UNSUBSCRIBE}"
    return links


def _age(message: Message) -> str:
    """How long it lasts or lasted, in words: "open for 41 minutes"."""
    if message.began_at is None:
        return ""
    length = moments.length(message.occurred_at - message.began_at)
    verb = "lasted" if message.kind == Kind.INCIDENT_RESOLVED else "open for"
    return length and f"{verb} {length}"


def _span(message: Message, zone: str) -> str:
    """When it is to be; once it is completed, when it was."""
    if message.starts_at is None or message.ends_at is None:
        return ""
    ends_at = message.ends_at
    if message.kind == Kind.MAINTENANCE_COMPLETED:
        ends_at = max(message.starts_at, message.occurred_at)
    span = moments.span(message.starts_at, ends_at, zone)
    return _SPANS.get(message.kind, "{}").format(span)


def _next_update(message: Message, zone: str) -> str:
    if message.next_update_by is None:
        return ""
    by = moments.deadline(message.next_update_by, told_at=message.occurred_at, zone=zone)
    return f"Next update by {by}"


@cache
def _inliner() -> css_inline.CSSInliner:
    """Rules for dark screens stay in the head: no attribute can hold them."""
    return css_inline.CSSInliner(
        keep_at_rules=True, keep_style_tags=False, load_remote_stylesheets=False
    )
