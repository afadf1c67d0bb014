"""What was corrected afterwards, as it stands under the systems it concerns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pages.reclassified import Kind
from web.page import tolerant
from web.page.facts import ComponentFacts, Snapshot
from web.page.words import long_day

_SAID = {Kind.MAINTENANCE: "was maintenance", Kind.CHECKER_FAULT: "checker fault, not counted"}


@dataclass(frozen=True, slots=True)
class Note:
    """`span` is such as "12 March, 06:00-08:00", with an en dash."""

    name: str
    span: str
    said: str
    reason: str


def notes_of(components: Sequence[ComponentFacts], snapshot: Snapshot) -> tuple[Note, ...]:
    """The notes on some systems, newest span first."""
    names = {component.id: component.name for component in components}
    return tuple(
        Note(
            name=names[note.component_id],
            span=_span(note.since, note.until, snapshot.page.zone),
            said=_SAID[note.kind],
            reason=tolerant.line(note.reason),
        )
        for note in snapshot.footnotes
        if note.component_id in names
    )


def _span(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    first, last = since.astimezone(zone), until.astimezone(zone)
    day = "" if last.date() == first.date() else f"{long_day(last)}, "
    return f"{long_day(first)}, {first:%H:%M}\N{EN DASH}{day}{last:%H:%M}"
