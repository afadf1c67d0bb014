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
    COMPONENT_CHANGED = "component_changed"
    VERIFICATION = "verification"
    WELCOME = "welcome"
    MANAGE = "manage"
    OPERATOR_NOTICE = "operator_notice"


class Fact(msgspec.Struct, frozen=True):
    """One component and its status names before and after; `old` is empty when untold."""

    component: str
    component_id: UUID
    old: str
    new: str


class Message(msgspec.Struct, frozen=True):
    """A finished message. Channels render it and look nothing up.

    `title` and `body` (markdown) are keyed by language. Messages of one `topic` are one
    story: a newer one replaces the unsent older ones. `links` knows `page` and `incident`;
    `payload` is what machines receive, in the shape of Statuspage's webhooks.
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
    facts: tuple[Fact, ...] = ()
    links: dict[str, str] = {}
    payload: dict[str, Any] = {}


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
