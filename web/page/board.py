"""The board of systems: rows and groups as they are printed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pages.status import Status, worst
from pages.uptime import percent
from web.page import bars
from web.page.facts import ComponentFacts, GroupFacts, Snapshot
from web.page.footnotes import Note, notes_of
from web.page.marks import NO_DATA, Look, look_of

OPEN_UP_TO = 25


@dataclass(frozen=True, slots=True)
class Strip:
    """`story` and `details` are empty where the strip only repeats what its rows tell."""

    lines: list[bars.Line]
    story: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    id: UUID
    name: str
    description: str
    look: Look
    words: str
    strip: Strip
    percent: str


@dataclass(frozen=True, slots=True)
class Block:
    """A group with its rows, or one row that stands alone (`name` is then empty)."""

    id: UUID
    rows: list[Row]
    name: str = ""
    look: Look = NO_DATA
    words: str = ""
    is_open: bool = True
    strip: Strip | None = None
    percent: str = ""
    notes: tuple[Note, ...] = ()


def blocks(snapshot: Snapshot) -> list[Block]:
    """Groups and ungrouped systems together, by position, then name."""
    members: dict[UUID, list[ComponentFacts]] = {}
    for component in snapshot.components:
        if component.group_id:
            members.setdefault(component.group_id, []).append(component)
    alone = [component for component in snapshot.components if not component.group_id]
    items: list[GroupFacts | ComponentFacts] = [
        *(group for group in snapshot.groups if group.id in members),
        *alone,
    ]
    items.sort(key=lambda item: (item.position, item.name))
    return [
        _group(item, members[item.id], snapshot)
        if isinstance(item, GroupFacts)
        else Block(id=item.id, rows=[_row(item, snapshot)], notes=notes_of([item], snapshot))
        for item in items
    ]


def _group(group: GroupFacts, members: Sequence[ComponentFacts], snapshot: Snapshot) -> Block:
    affected = [item for item in members if item.status is not Status.OPERATIONAL]
    look = look_of(worst(item.status for item in members if item.status))
    histories = [snapshot.days.components[item.id] for item in members]
    kinds = [bars.classes(history.days, snapshot.days.weights) for history in histories]
    return Block(
        id=group.id,
        rows=[_row(item, snapshot) for item in members],
        name=group.name,
        look=look,
        words=f"{len(affected)} of {len(members)} affected" if affected else look.words,
        is_open=bool(affected) or len(snapshot.components) <= OPEN_UP_TO,
        strip=Strip(bars.lines(bars.worst_of(kinds))),
        percent=_average([history.ratio for history in histories if history.ratio is not None]),
        notes=notes_of(members, snapshot),
    )


def _row(component: ComponentFacts, snapshot: Snapshot) -> Row:
    history, weights = snapshot.days.components[component.id], snapshot.days.weights
    look, words = look_of(component.status), look_of(component.status).words
    if component.unverified_since:
        since = component.unverified_since.astimezone(snapshot.page.zone)
        look, words = NO_DATA, f"{words}, not verified since {since:%H:%M}"
    kinds = bars.classes(history.days, weights)
    share = None if history.ratio is None else percent(history.ratio)
    return Row(
        id=component.id,
        name=component.name,
        description=component.description or "",
        look=look,
        words=words,
        strip=Strip(
            bars.lines(kinds),
            bars.story(history.days, snapshot.days.dates[0], share),
            bars.details(history.days, kinds, weights),
        ),
        percent=share or "",
    )


def _average(shares: Sequence[Decimal]) -> str:
    """The mean of the members' uptimes, cut."""
    return percent(sum(shares, Decimal(0)) / len(shares)) if shares else ""
