"""The types that request bodies are made of. Both spellings of a name are read."""

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from incidents.actions.checks import BODY_LIMIT, NAME_LIMIT
from incidents.lifecycle import INCIDENT_PUBLIC, Impact, IncidentStatus
from subscribers.addresses import parse_address
from web.input import clean_line, clean_text


class Input(BaseModel):
    """A body: camelCase or snake_case, exact types, and nothing unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="forbid", strict=True
    )


class Output(BaseModel):
    """An answer, printed in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


def _title(text: str) -> str:
    if title := clean_line(text, limit=NAME_LIMIT):
        return title
    raise ValueError("This must not be empty.")


def _one_of(choices: Sequence[StrEnum], value: object) -> StrEnum:
    """The choice that `value` spells, in any case."""
    name = value.strip().lower() if isinstance(value, str) else ""
    for choice in choices:
        if name == choice:
            return choice
    raise ValueError(f"Use one of {', '.join(choices).upper()}.")


# Maintenance is an impact too, but none that anybody says of an incident.
_SEVERITIES = [impact for impact in Impact if impact is not Impact.MAINTENANCE]
_STATUSES = [status for status in IncidentStatus if status in INCIDENT_PUBLIC]

Title = Annotated[str, AfterValidator(_title)]
Text = Annotated[str, AfterValidator(partial(clean_text, limit=BODY_LIMIT))]
Severity = Annotated[
    Impact,
    BeforeValidator(partial(_one_of, _SEVERITIES)),
    WithJsonSchema({"type": "string", "enum": [impact.upper() for impact in _SEVERITIES]}),
]
UpdateStatus = Annotated[
    IncidentStatus,
    BeforeValidator(partial(_one_of, _STATUSES)),
    WithJsonSchema({"type": "string", "enum": [status.upper() for status in _STATUSES]}),
]
Email = Annotated[str, AfterValidator(parse_address)]
# A component by its id or its slug.
Reference = Annotated[str, StringConstraints(min_length=1, max_length=100)]
# None of them unless the body names some.
References = Annotated[list[Reference], Field(default_factory=list, max_length=200)]
