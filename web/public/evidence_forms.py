"""The evidence of a page's uptime as JSON and as CSV; docs/uptime.md explains every field.

Times are RFC 3339 in UTC with six fraction digits, percentages and weights decimal texts.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from django.conf import settings

from pages.evidence import ComponentEvidence, Evidence
from pages.links import page_url
from pages.uptime import FORMULA
from web.spreadsheet import csv_of

FORMULA_PATH = "/docs/uptime"
COLUMNS = ("row", "component_id", "component", "from", "to", "value", "held", "reason")


def as_json(evidence: Evidence) -> bytes:
    return msgspec.json.encode(
        {
            "page": {
                "id": evidence.page.id,
                "name": evidence.page.name,
                "url": page_url(evidence.page),
                "time_zone": evidence.zone.key,
                "uptime": _text(evidence.uptime),
            },
            "formula": {"version": FORMULA, "url": settings.MAIN_URL + FORMULA_PATH},
            "weights": {name: _text(weight) for name, weight in _weights(evidence)},
            "window": {"first": evidence.days[0].date, "last": evidence.days[-1].date},
            "read_at": _stamp(evidence.read_at),
            "days": [
                {"date": day, "from": _stamp(start), "to": _stamp(end)}
                for day, start, end in evidence.days
            ],
            "components": [_component(component) for component in evidence.components],
        }
    )


def as_csv(evidence: Evidence) -> bytes:
    """One table; what a line holds is told by its first cell."""
    return csv_of([COLUMNS, *_head(evidence), *_lines(evidence)])


def _component(component: ComponentEvidence) -> dict[str, Any]:
    return {
        "id": component.id,
        "name": component.name,
        "uptime": _text(component.uptime),
        "intervals": [
            {"from": _stamp(start), "to": _stamp(end), "status": status, "held": held}
            for start, end, status, held in component.seen
        ],
        "gaps": [
            {"from": _stamp(start), "to": _stamp(end), "reason": reason}
            for start, end, reason in component.unseen
        ],
        "reclassifications": [
            {"from": _stamp(start), "to": _stamp(end), "kind": kind, "reason": reason}
            for start, end, kind, reason in component.said
        ],
    }


def _head(evidence: Evidence) -> Iterator[tuple[str, ...]]:
    url = settings.MAIN_URL + FORMULA_PATH
    yield ("formula", "", "", "", "", str(FORMULA), "", url)
    yield ("time_zone", "", "", "", "", evidence.zone.key, "", "")
    for name, weight in _weights(evidence):
        yield (f"{name}_weight", "", "", "", "", f"{weight:f}", "", "")
    for day, start, end in evidence.days:
        yield ("day", "", "", _stamp(start), _stamp(end), day.isoformat(), "", "")
    first, last = _stamp(evidence.days[0].start), _stamp(evidence.read_at)
    name = evidence.page.name
    yield ("page_uptime", "", name, first, last, _text(evidence.uptime) or "", "", "")


def _lines(evidence: Evidence) -> Iterator[tuple[str, ...]]:
    first, last = _stamp(evidence.days[0].start), _stamp(evidence.read_at)
    for component in evidence.components:
        who = (str(component.id), component.name)
        yield ("uptime", *who, first, last, _text(component.uptime) or "", "", "")
        for start, end, status, held in component.seen:
            held_text = "true" if held else "false"
            yield ("interval", *who, _stamp(start), _stamp(end), status, held_text, "")
        for start, end, reason in component.unseen:
            yield ("gap", *who, _stamp(start), _stamp(end), "", "", reason)
        for start, end, kind, reason in component.said:
            yield ("reclassification", *who, _stamp(start), _stamp(end), kind, "", reason)


def _weights(evidence: Evidence) -> Iterator[tuple[str, Decimal]]:
    yield "major", Decimal(1)
    yield "partial", evidence.weights.partial
    yield "degraded", evidence.weights.degraded


def _text(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
