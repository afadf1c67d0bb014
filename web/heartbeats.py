"""The last sign of life of each process, in PostgreSQL: Redis may be what is broken."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from web.models import Heartbeat

BEAT = "beat"
WORKER = "worker:"
# Processes that are gone are forgotten after this long.
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ages:
    """Seconds since the last sign of life."""

    beat: float | None
    workers: dict[str, float]


def note(name: str, *, at: datetime) -> None:
    """Records that `name` lives; a time before the recorded one changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO web_heartbeat (name, at) VALUES (%s, %s)"
            " ON CONFLICT (name) DO UPDATE SET at = greatest(web_heartbeat.at, excluded.at)",
            [name, at],
        )


def ages(*, at: datetime) -> Ages:
    seen = dict(Heartbeat.objects.filter(at__gt=at - FORGOTTEN_AFTER).values_list("name", "at"))
    seconds = {name: round((at - last).total_seconds(), 1) for name, last in seen.items()}
    workers = {
        name.removeprefix(WORKER): age
        for name, age in sorted(seconds.items())
        if name.startswith(WORKER)
    }
    return Ages(beat=seconds.get(BEAT), workers=workers)


def forget_old(*, at: datetime) -> None:
    Heartbeat.objects.filter(at__lte=at - FORGOTTEN_AFTER).delete()
