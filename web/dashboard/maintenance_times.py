"""When a maintenance really began and ended, beside its plan. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.lifecycle import OVER, RUNNING, IncidentStatus
from incidents.models import Incident, IncidentUpdate
from web.dashboard.words import length

# Whoever looks at clocks calls that on time.
_ON_TIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """`remark` says how far from the plan it is, and how late it was noted."""

    label: str
    at: datetime
    remark: str


def moments(maintenance: Incident, updates: Iterable[IncidentUpdate]) -> list[Moment]:
    """Its beginning and its end, as far as they are known; `updates` are the public ones."""
    told = sorted(updates, key=lambda update: (update.display_at, update.created_at))
    began = next((update for update in told if update.status in RUNNING), None)
    ended = next((update for update in told if update.status in OVER), None)
    found = []
    if began and maintenance.scheduled_for:
        found.append(_moment("Began", began, maintenance.scheduled_for))
    if ended and maintenance.scheduled_until:
        cancelled = ended.status == IncidentStatus.CANCELLED
        plan = None if cancelled else maintenance.scheduled_until
        found.append(_moment("Cancelled" if cancelled else "Ended", ended, plan))
    return found


def _moment(label: str, update: IncidentUpdate, plan: datetime | None) -> Moment:
    said = [_against(plan, update.display_at)] if plan else []
    if update.created_at - update.display_at > _ON_TIME:
        said.append(f"noted {length(update.created_at - update.display_at)} later")
    return Moment(label, update.display_at, ", ".join(said))


def _against(plan: datetime, moment: datetime) -> str:
    if abs(moment - plan) <= _ON_TIME:
        return "on time"
    return f"{length(abs(moment - plan))} {'late' if moment > plan else 'early'}"
