"""The one sentence that a page opens with, and the sentence after it. Pure.

Sentences never agree in number with a name, so that they can be translated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pages.status import RANK, Status, worst
from web.page.facts import ComponentFacts, IncidentFacts, Verification

NAMED = 2


@dataclass(frozen=True, slots=True)
class Headline:
    """`state` chooses mark and line; None is "not verified"."""

    state: Status | None
    text: str


def page_state(components: Sequence[ComponentFacts], current: Sequence[IncidentFacts]) -> Status:
    """The worst of all components and of the impact of everything that goes on."""
    return worst(
        [
            *(component.status for component in components if component.status),
            *(story.severity for story in current),
        ]
    )


def headline(components: Sequence[ComponentFacts], current: Sequence[IncidentFacts]) -> Headline:
    """`current` are the open incidents and the maintenances under way."""
    state = page_state(components, current)
    systems = worst(component.status for component in components if component.status)
    if systems is Status.OPERATIONAL:
        return Headline(state, "All systems are operational" + _but(current))
    names = _in_state(systems, components)
    if RANK[state] > RANK[systems]:
        names = _affected_by(state, current) or names
    return Headline(state, f"{_OPENING[state]} in {_scope(names, len(components))}")


def stale_since(verification: Verification, at: datetime) -> datetime | None:
    """Since when nothing is known for sure, None when the page is verified or has no monitors."""
    if verification.at is None:
        return None
    age = (at - verification.at).total_seconds()
    return verification.at if age > verification.stale_after else None


def lead(components: Sequence[ComponentFacts], current: Sequence[IncidentFacts]) -> str:
    """How many incidents are open and how many systems work."""
    count = sum(story.is_open for story in current)
    sentences = [
        {0: "No incident is open.", 1: "One incident is open."}.get(
            count, f"{count} incidents are open."
        )
    ]
    good = sum(component.status is Status.OPERATIONAL for component in components)
    if good < len(components):
        sentences.append(f"{good} of {len(components)} systems are operational.")
    return " ".join(sentences)


_OPENING = {
    Status.DEGRADED: "Degraded performance",
    Status.PARTIAL: "Partial outage",
    Status.MAJOR: "Major outage",
    Status.MAINTENANCE: "Maintenance under way",
}


def _but(current: Sequence[IncidentFacts]) -> str:
    count = sum(story.is_open for story in current)
    if count:
        return ", one incident is open" if count == 1 else f", {count} incidents are open"
    return ", maintenance is under way" if current else ""


def _in_state(state: Status, components: Sequence[ComponentFacts]) -> list[str]:
    return [component.name for component in components if component.status is state]


def _affected_by(state: Status, current: Sequence[IncidentFacts]) -> list[str]:
    """Names of what is not well in the stories of that severity, each once."""
    return list(
        dict.fromkeys(
            affected.name
            for story in current
            if story.severity is state
            for affected in story.affected
            if affected.status is not Status.OPERATIONAL
        )
    )


def _scope(names: Sequence[str], total: int) -> str:
    if len(names) <= NAMED:
        return " and ".join(names)
    return "all systems" if len(names) == total else f"{len(names)} of {total} systems"
