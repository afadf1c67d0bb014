"""What a story claims of components, as a fold of its updates. Pure: no query, no clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from incidents.lifecycle import OVER, IncidentStatus
from pages.claims import Stated
from pages.status import Status


@dataclass(frozen=True, slots=True)
class Said:
    """What an update says of a component, and since when it is true."""

    status: Status
    since: datetime


@dataclass(frozen=True, slots=True)
class Spoken:
    """A published update; `said` holds the components it names, by id."""

    status: IncidentStatus
    at: datetime
    said: Mapping[UUID, Said]


def claim_spans(story: Iterable[Spoken]) -> dict[UUID, list[Stated]]:
    """The spans that the updates, oldest first, claim of each component they ever name.

    Operational ends a claim; an update that closes the story ends all of them, where it names
    a component at the time it gives. What a later update dates before an earlier one begins
    with that one: each is right from the moment it speaks of.
    """
    spans: dict[UUID, list[Stated]] = {}
    reached: dict[UUID, datetime] = {}
    for update in story:
        over = update.status in OVER
        for component_id in [*update.said, *(spans.keys() - update.said.keys() if over else ())]:
            said = update.said.get(component_id)
            held = spans.setdefault(component_id, [])
            status = None if over or said is None else said.status
            since = said.since if said else update.at
            reached[component_id] = max(since, reached.get(component_id, since))
            _turn(held, status, reached[component_id])
    return spans


def last_said(story: Iterable[Spoken]) -> dict[UUID, Status]:
    """What the story says of each component at its end; a closed one says operational."""
    last: dict[UUID, Status] = {}
    for update in story:
        last |= {component_id: said.status for component_id, said in update.said.items()}
        if update.status in OVER:
            last = dict.fromkeys(last, Status.OPERATIONAL)
    return last


def _turn(held: list[Stated], status: Status | None, since: datetime) -> None:
    """From `since` on the last span of `held` ends and one of `status` begins."""
    if status is Status.OPERATIONAL:
        status = None
    if held and held[-1].until is None:
        last = held[-1]
        if last.status is status:
            return
        held.pop()
        if since > last.since:
            held.append(last._replace(until=since))
    if status is not None:
        held.append(Stated(status, since, None))
