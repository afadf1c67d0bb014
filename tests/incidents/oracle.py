"""What a component was at an instant, worked out the slow way, from what was said alone.

Shares no code with the product: stories are walked update by update, statuses ranked by hand,
uptime counted minute by minute.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from fractions import Fraction

from incidents.models import Incident, IncidentUpdate
from pages.models import Component, Reclassification, StatusClaim

MINUTE = timedelta(minutes=1)
ORDER = [
    "operational",
    "under_maintenance",
    "degraded_performance",
    "partial_outage",
    "major_outage",
]
ENDS = {"resolved", "completed", "cancelled"}
_DOWN = {"major_outage": Fraction(1), "partial_outage": Fraction(3, 10)}


class Oracle:
    """Everything said about a component, read once."""

    def __init__(self, component: Component) -> None:
        self.created_at = component.created_at
        stories = Incident.objects.filter(page=component.page).exclude(status="draft")
        self._stories = [
            (incident.scheduled_for is not None, _words(incident, component))
            for incident in stories.order_by("id")
        ]
        mine = StatusClaim.objects.filter(component=component)
        self._manual = list(mine.filter(source="manual").order_by("since"))
        self._checks = list(mine.filter(source="checks").order_by("since"))
        self._words = list(
            Reclassification.objects.filter(component=component, withdrawn_at=None).order_by("pk")
        )

    def status(self, at: datetime) -> str:
        manual = [claim for claim in self._manual if _speaks(claim, at)]
        pins = [claim.status for claim in manual if claim.pinned]
        if pins:
            return _worst(pins)
        planned = [word for planned, said in self._stories if planned and (word := _word(said, at))]
        told = [
            word for planned, said in self._stories if not planned and (word := _word(said, at))
        ]
        checks = [claim.status for claim in self._checks if _speaks(claim, at)]
        counted = [] if planned else checks
        return _worst([*(claim.status for claim in manual), *planned, *told, *counted])

    def counts_as(self, at: datetime) -> str | None:
        """The status that counts towards uptime; None is not observed."""
        kinds = [word.kind for word in self._words if word.since <= at < word.until]
        if kinds:
            return {"maintenance": "under_maintenance", "checker_fault": None}[kinds[-1]]
        return self.status(at)

    def uptime(self, start: datetime, end: datetime) -> Fraction | None:
        """Minute by minute; whatever changes does so on a full minute."""
        spent: Counter[str | None] = Counter()
        moment = max(start, self.created_at)
        while moment < end:
            spent[self.counts_as(moment)] += 1
            moment += MINUTE
        observed = sum(
            minutes for status, minutes in spent.items() if status not in {None, ORDER[1]}
        )
        if not observed:
            return None
        down = sum((share * spent[status] for status, share in _DOWN.items()), Fraction(0))
        return 1 - down / observed


_Said = list[tuple[datetime, datetime, str | None]]


def _words(incident: Incident, component: Component) -> _Said:
    """(shown at, true since, status or None for silence), in the order of the story."""
    updates = IncidentUpdate.objects.filter(incident=incident, published_at__isnull=False)
    words: _Said = []
    spoken = False
    for update in updates.order_by("display_at", "created_at", "id"):
        change = update.changes.filter(component=component).first()
        if change:
            spoken = True
            words.append((update.display_at, change.since, change.new_status))
        if update.status in ENDS and spoken:
            since = change.since if change else update.display_at
            words[-1 if change else len(words) :] = [(update.display_at, since, None)]
    return words


def _word(said: _Said, at: datetime) -> str | None:
    """The last word true at `at`; what is dated before the last word counts from there."""
    word, reached = None, None
    for _, since, status in said:
        since = max(since, reached) if reached else since  # noqa: PLW2901
        reached = since
        if since <= at:
            word = status
    return None if word == "operational" else word


def _speaks(claim: StatusClaim, at: datetime) -> bool:
    ends = [claim.ended_at, claim.pin_expires_at if claim.pinned else None]
    return claim.since <= at and all(end is None or at < end for end in ends)


def _worst(statuses: Iterable[str]) -> str:
    return max(statuses, key=ORDER.index, default="operational")
