"""What a notice of component changes says. Pure: no query, no clock, no settings."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pages.claims import Change
from pages.status import Status, worst
from subscribers.message import DEFAULT_LANGUAGE, Fact, Kind, Message

COLOURS: dict[Status, str] = {
    Status.OPERATIONAL: "#22c55e",
    Status.MAINTENANCE: "#60a5fa",
    Status.DEGRADED: "#eab308",
    Status.PARTIAL: "#f97316",
    Status.MAJOR: "#ef4444",
}


def merge(facts: Iterable[Fact], changes: Iterable[Change]) -> list[Fact]:
    """Folds changes into facts: the first old status stays, unchanged components vanish."""
    merged = {fact.component_id: fact for fact in facts}
    for change in changes:
        component = change.component
        known = merged.get(component.pk)
        merged[component.pk] = Fact(
            component=component.name,
            component_id=component.pk,
            old=known.old if known else change.old.value,
            new=change.new.value,
        )
    return [fact for fact in merged.values() if fact.old != fact.new]


def compose(facts: Sequence[Fact], *, page_url: str, at: datetime) -> Message:
    status = worst(Status(fact.new) for fact in facts)
    title = (
        f"{facts[0].component}: {status.label}"
        if len(facts) == 1
        else f"{len(facts)} services changed"
    )
    return Message(
        kind=Kind.COMPONENT_CHANGED,
        title={DEFAULT_LANGUAGE: title},
        occurred_at=at,
        status=status.value,
        status_label=status.label,
        status_colour=COLOURS[status],
        facts=tuple(facts),
        links={"page": page_url},
    )
