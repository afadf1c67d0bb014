"""What is told, before any channel gives it a form."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

DEFAULT_LANGUAGE = "en"


class Kind(StrEnum):
    INCIDENT_CREATED = "incident_created"
    INCIDENT_UPDATED = "incident_updated"
    INCIDENT_RESOLVED = "incident_resolved"
    MAINTENANCE_SCHEDULED = "maintenance_scheduled"
    MAINTENANCE_MOVED = "maintenance_moved"
    MAINTENANCE_REMINDER = "maintenance_reminder"
    MAINTENANCE_STARTED = "maintenance_started"
    MAINTENANCE_UPDATED = "maintenance_updated"
    MAINTENANCE_COMPLETED = "maintenance_completed"
    MAINTENANCE_CANCELLED = "maintenance_cancelled"
    POSTMORTEM_PUBLISHED = "postmortem_published"
    COMPONENT_CHANGED = "component_changed"
    VERIFICATION = "verification"
    WELCOME = "welcome"
    MANAGE = "manage"
    OPERATOR_NOTICE = "operator_notice"
    DRAFT_NOTICE = "draft_notice"


class Fact(msgspec.Struct, frozen=True):
    """One component and its status names before and after; `old` is empty when untold."""

    component: str
    component_id: UUID
    old: str
    new: str


class Message(msgspec.Struct, frozen=True):
    """A finished message. Channels render it and look nothing up.

    `title` and `body` (markdown) are keyed by language. Messages of one `topic` are one
    story: a newer one replaces the unsent older ones. `links` knows `page`, `incident`,
    `calendar` and `dashboard`; `payload` is what machines receive, in the shape of
    Statuspage's webhooks. `starts_at` and `ends_at` are the span of a maintenance,
    `next_update_by` is when visitors may expect news. A test says so to its one reader.
    """

    kind: Kind
    title: dict[str, str]
    occurred_at: datetime
    body: dict[str, str] = {}
    topic: UUID | None = None
    impact: str = ""
    status: str = ""
    status_label: str = ""
    status_colour: str = ""
    began_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    next_update_by: datetime | None = None
    facts: tuple[Fact, ...] = ()
    links: dict[str, str] = {}
    payload: dict[str, Any] = {}
    is_test: bool = False


def to_json(message: Message) -> dict[str, Any]:
    """The message as plain JSON values, as it is stored."""
    stored: dict[str, Any] = msgspec.to_builtins(message)
    return stored


def from_json(stored: object) -> Message:
    """Reads `to_json` back. Raises msgspec.ValidationError when it is none."""
    return msgspec.convert(stored, Message)


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in the default one, else any."""
    for key in (language, DEFAULT_LANGUAGE):
        if key in texts:
            return texts[key]
    return next(iter(texts.values()), "")
