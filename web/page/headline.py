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


def page_state(
    components: Sequence[ComponentFacts], open_incidents: Sequence[IncidentFacts]
) -> Status:
    """The worst of all components and of every open incident's impact."""
    return worst(
        [
            *(component.status for component in components if component.status),
            *(incident.severity for incident in open_incidents),
        ]
    )


def headline(
    components: Sequence[ComponentFacts], open_incidents: Sequence[IncidentFacts]
) -> Headline:
    state = page_state(components, open_incidents)
    systems = worst(component.status for component in components if component.status)
    if systems is Status.OPERATIONAL:
        return Headline(state, "All systems are operational" + _but_open(len(open_incidents)))
    names = _in_state(systems, components)
    if RANK[state] > RANK[systems]:
        names = _affected_by(state, open_incidents) or names
    return Headline(state, f"{_OPENING[state]} in {_scope(names, len(components))}")


def stale_since(verification: Verification, at: datetime) -> datetime | None:
    """Since when nothing is known for sure, None when the page is verified or has no monitors."""
    if verification.at is None:
        return None
    age = (at - verification.at).total_seconds()
    return verification.at if age > verification.stale_after else None


def lead(components: Sequence[ComponentFacts], open_incidents: Sequence[IncidentFacts]) -> str:
    """How many incidents are open and how many systems work."""
    count = len(open_incidents)
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


def _but_open(count: int) -> str:
    if count == 0:
        return ""
    return ", one incident is open" if count == 1 else f", {count} incidents are open"


def _in_state(state: Status, components: Sequence[ComponentFacts]) -> list[str]:
    return [component.name for component in components if component.status is state]


def _affected_by(state: Status, open_incidents: Sequence[IncidentFacts]) -> list[str]:
    """Names of what is not well in the incidents of that severity, each once."""
    return list(
        dict.fromkeys(
            affected.name
            for incident in open_incidents
            if incident.severity is state
            for affected in incident.affected
            if affected.status is not Status.OPERATIONAL
        )
    )


def _scope(names: Sequence[str], total: int) -> str:
    if len(names) <= NAMED:
        return " and ".join(names)
    return "all systems" if len(names) == total else f"{len(names)} of {total} systems"
