"""Everything that happens by itself, and how often. Pure: no query, no clock, no settings.

A tick is a wake-up: what is due stands in PostgreSQL, so a lost tick costs one period and
two beats at once do no harm.
"""

from dataclasses import dataclass

HOUR_S = 3600


@dataclass(frozen=True, slots=True)
class Tick:
    """`task` is sent every `every_s` seconds and is worthless once the next one is sent."""

    task: str
    every_s: float

    @property
    def expires_s(self) -> float:
        return max(self.every_s, 2.0)


TIMETABLE: tuple[Tick, ...] = (
    Tick("monitoring.run_checks", 2),
    Tick("subscribers.deliver", 1),
    Tick("subscribers.relay", 1),
    Tick("subscribers.decide_requests", 1),
    Tick("accounts.send_resets", 2),
    Tick("incidents.publish_due", 2),
    Tick("incidents.show_due", 2),
    Tick("incidents.run_maintenance", 2),
    Tick("incidents.expire_pins", 2),
    Tick("incidents.catch_up", 10),
    Tick("incidents.send_reminders", 5),
    Tick("pages.republish_versions", 5),
    Tick("web.note_beat", 5),
    Tick("monitoring.follow_gaps", 10),
    Tick("pages.fold_days", 60),
    Tick("incidents.make_occurrences", HOUR_S),
    Tick("monitoring.keep_partitions", HOUR_S),
    Tick("web.clear_sessions", 6 * HOUR_S),
    Tick("incidents.forget_old", HOUR_S),
    Tick("incidents.archive_old", 24 * HOUR_S),
    Tick("subscribers.forget_old", 24 * HOUR_S),
)
