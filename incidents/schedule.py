"""When a maintenance may take place, and what it does by itself. Pure: no query, no clock."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from pages.actions.invalid import Invalid

LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=2 * 366)
REMINDERS = 10
EARLIEST_REMINDER_MINUTES = 30 * 24 * 60


class MaintenanceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happens before, at the start and at the end, named as the columns are.

    `remind_before` are minutes before the start. Raises Invalid when one of them, or their
    number, is out of bounds.
    """

    remind_before: tuple[int, ...] = (1440, 180)
    scheduled_remind_prior: bool = True
    scheduled_auto_in_progress: bool = True
    scheduled_auto_completed: bool = True
    auto_transition_to_maintenance_state: bool = True
    auto_transition_to_operational_state: bool = True
    auto_transition_deliver_notifications_at_start: bool = True
    auto_transition_deliver_notifications_at_end: bool = True

    def __post_init__(self) -> None:
        _check_reminders(self.remind_before)

    def as_columns(self) -> dict[str, Any]:
        """The options as field values of an Incident, and as JSON."""
        values = msgspec.structs.asdict(self)
        return values | {"remind_before": sorted(set(self.remind_before), reverse=True)}


def read_options(stored: object) -> MaintenanceOptions:
    """Reads `as_columns` back; what is missing has its default."""
    return msgspec.convert(stored, MaintenanceOptions)


def check_span(starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    """Raises Invalid unless a maintenance may be planned for that time, seen from `at`.

    It may have begun already, but not be over.
    """
    if ends_at <= starts_at:
        raise Invalid("scheduled_until", "It must end after it starts.")
    if ends_at <= at:
        raise Invalid("scheduled_until", "It must end in the future.")
    if ends_at - starts_at > LONGEST:
        raise Invalid("scheduled_until", f"It can last at most {LONGEST.days} days.")
    if starts_at - at > FARTHEST:
        raise Invalid("scheduled_for", "It must start within two years.")


def _check_reminders(minutes: Iterable[int]) -> None:
    minutes = list(minutes)
    if len(minutes) > REMINDERS:
        raise Invalid("remind_before", f"Use at most {REMINDERS} reminders.")
    if not all(1 <= each <= EARLIEST_REMINDER_MINUTES for each in minutes):
        raise Invalid(
            "remind_before", f"Use minutes from 1 to {EARLIEST_REMINDER_MINUTES:,} (30 days)."
        )
