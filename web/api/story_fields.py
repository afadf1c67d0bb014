"""The types that bodies about incidents and maintenances are made of."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, JsonValue, PlainValidator, WithJsonSchema

from incidents.lifecycle import IncidentStatus
from incidents.walltime import instant
from pages import status
from pages.models import Page
from pages.status import Status
from web.api.fields import Reference

METADATA_LIMIT = 16_000  # bytes, as compact JSON
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?([Zz]|[+-]\d\d:?\d\d)?", re.ASCII
)
_YEARS = range(2000, 9000)


def _moment(value: object) -> datetime:
    """RFC 3339: an instant in UTC, or, without an offset, a wall time (without a zone)."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            read = datetime.fromisoformat(value.upper())
        except ValueError:
            read = None
        if read and read.year in _YEARS:
            return read.astimezone(UTC) if read.tzinfo else read
    raise ValueError("Use a time such as 2026-11-29T02:00 or 2026-11-29T02:00:00Z.")


def instant_on(page: Page, moment: datetime) -> datetime:
    """When `moment` is, in UTC: a wall time is what clocks in the page's zone show."""
    return moment if moment.tzinfo else instant(moment, ZoneInfo(page.timezone))


def _story_status(value: object) -> IncidentStatus:
    name = value.strip().lower() if isinstance(value, str) else ""
    if name not in set(IncidentStatus):
        raise ValueError(f"Use one of {', '.join(IncidentStatus)}.")
    return IncidentStatus(name)


def _component_status(value: object) -> Status | None:
    """Statuspage's empty text leaves the component as it is."""
    if value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("Use the name of a status.")  # noqa: TRY004 (pydantic reads ValueError)
    try:
        return status.parse(value)
    except ValueError:
        raise ValueError(f"Use one of {', '.join([*Status, *status.ALIASES])}.") from None


def _metadata(value: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    if len(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()) > METADATA_LIMIT:
        raise ValueError(f"At most {METADATA_LIMIT:,} bytes are allowed.")
    return value


def _intervals(value: object) -> list[int] | int:
    """A list, one number, or a list in a text, as the documents store it: "[3,6,12,24]"."""
    if isinstance(value, str) and re.fullmatch(r"\[[0-9, ]{0,100}\]", value, re.ASCII):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    numbers = value if isinstance(value, list) else [value]
    if not all(type(number) is int for number in numbers):
        raise ValueError("Use a list of whole numbers such as [3, 6, 12, 24], or one number.")
    return value  # type: ignore[return-value]  # it was just looked at


Moment = Annotated[
    datetime,
    PlainValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
StoryStatus = Annotated[
    IncidentStatus,
    PlainValidator(_story_status),
    WithJsonSchema({"type": "string", "enum": list(IncidentStatus)}),
]
ComponentStatus = Annotated[
    Status | None,
    PlainValidator(_component_status),
    WithJsonSchema({"type": "string", "enum": [*Status, *status.ALIASES, ""]}),
]
# Statuses by the id or the slug of their component.
ComponentStatuses = Annotated[
    dict[Reference, ComponentStatus],
    Field(default_factory=dict, max_length=200),
]
Metadata = Annotated[
    dict[str, JsonValue], AfterValidator(_metadata), WithJsonSchema({"type": "object"})
]
Intervals = Annotated[
    list[int] | int,
    PlainValidator(_intervals),
    WithJsonSchema(
        {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "integer"}]}
    ),
]
