"""What maintenances do when their time comes: they begin and end by themselves."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import OperationalError
from django.db.models import Exists, OuterRef

from accounts.actor import SYSTEM
from incidents import maintenance_wording as wording
from incidents.actions.maintenance import span_of
from incidents.actions.maintenance_course import Turn, begin, finish
from incidents.actions.maintenance_overdue import tell_overdue
from incidents.models import Incident, IncidentQuerySet, IncidentUpdate
from pages.locking import changing_unless_held

log = logging.getLogger(__name__)

# Maintenances that move together: few enough that nobody who posts waits for long.
AT_ONCE = 200

_Row = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class _Move:
    """Which maintenances are `due`, what each does, and how many do it together."""

    name: str
    due: Callable[[datetime], IncidentQuerySet]
    turn: Callable[[Incident], Turn]
    take: Callable[..., list[IncidentUpdate]]


def run_due_maintenance(*, at: datetime) -> int:
    """Begins, then ends what is due; counts the transitions.

    What came due while nothing ran begins and ends now, once and in order, with its real
    times. One that fails, or whose page is held, stops no other and is tried again by the
    next tick. What must not move by itself is told to operators, once.
    """
    done = sum(_run(move, at) for move in _MOVES)
    tell_overdue(at=at)
    return done


def _run(move: _Move, at: datetime) -> int:
    rows = list(move.due(at).order_by("page_id", "id").values_list("pk", "page_id"))
    parts = [rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE)]
    return sum(_together(move, part, at) for part in parts)


def _together(move: _Move, rows: Sequence[_Row], at: datetime) -> int:
    """In one transaction; when that fails each page in its own, then each maintenance.

    A page that is held keeps all of its own waiting, once.
    """
    by_page = [list(part) for _, part in groupby(rows, key=lambda row: row[1])]
    try:
        return _take(move, rows, at)
    except OperationalError as error:
        if len(by_page) == 1:
            for pk, _ in rows:
                log.warning("maintenance %s waits to %s: %s", pk, move.name, error)
            return 0
    except Exception as error:
        if len(rows) == 1:
            log.exception("maintenance %s was due and did not %s", rows[0][0], move.name)
            return 0
        log.info("%d maintenances %s part by part: %r", len(rows), move.name, error)
    parts = by_page if len(by_page) > 1 else [[row] for row in rows]
    return sum(_together(move, part, at) for part in parts)


def _take(move: _Move, rows: Sequence[_Row], at: datetime) -> int:
    with changing_unless_held(*{page_id for _, page_id in rows}) as pages:
        # Again, now that nobody else can move them.
        due = move.due(at).select_related("page__project").filter(pk__in=[pk for pk, _ in rows])
        turns = [move.turn(incident) for incident in due.order_by("id")]
        if turns:
            move.take(turns, pages=pages, actor=SYSTEM, at=at)
    return len(turns)


def _to_begin(at: datetime) -> IncidentQuerySet:
    waiting = Incident.objects.upcoming().filter(scheduled_auto_in_progress=True)
    return _after_its_words(waiting.filter(scheduled_for__lte=at), "scheduled_for")


def _to_end(at: datetime) -> IncidentQuerySet:
    running = Incident.objects.running().filter(scheduled_auto_completed=True)
    return _after_its_words(running.filter(scheduled_until__lte=at), "scheduled_until")


def _after_its_words(due: IncidentQuerySet, moment: str) -> IncidentQuerySet:
    """Without those of which an update, to be shown before that, is still waiting."""
    earlier = IncidentUpdate.objects.waiting().filter(
        incident=OuterRef("pk"), display_at__lt=OuterRef(moment)
    )
    return due.exclude(Exists(earlier))


def _beginning(incident: Incident) -> Turn:
    told = incident.auto_transition_deliver_notifications_at_start
    return Turn(incident, span_of(incident)[0], wording.BEGUN, told)


def _ending(incident: Incident) -> Turn:
    told = incident.auto_transition_deliver_notifications_at_end
    return Turn(incident, span_of(incident)[1], wording.FINISHED, told)


_MOVES = (
    _Move("begin", _to_begin, _beginning, begin),
    _Move("end", _to_end, _ending, finish),
)
