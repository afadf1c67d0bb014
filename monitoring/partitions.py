"""The days of check_result: one partition per UTC day, made when missing, dropped when old."""

import logging
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

log = logging.getLogger(__name__)

KEPT_DAYS = 14
AHEAD_DAYS = 2
# Any number, the same in every process: partitions are made and dropped one at a time.
_LOCK = 7_310_451


def keep_partitions(*, at: datetime) -> None:
    """Makes the coming days' partitions and drops those past retention."""
    today = at.astimezone(UTC).date()
    make_days(today + timedelta(days=ahead) for ahead in range(AHEAD_DAYS + 1))
    drop_days(before=today - timedelta(days=KEPT_DAYS))


def make_days(days: Iterable[date]) -> None:
    """Makes the partitions that are missing.

    A table of its own is attached, so neither readers nor writers of the others wait.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        known = _known_days()
        for day in sorted(set(days) - known):
            name, end = _name(day), day + timedelta(days=1)
            cursor.execute(f"CREATE TABLE {name} (LIKE check_result INCLUDING ALL)")
            cursor.execute(
                f"ALTER TABLE check_result ATTACH PARTITION {name} "
                f"FOR VALUES FROM ('{day} 00:00+00') TO ('{end} 00:00+00')"
            )


def drop_days(*, before: date) -> None:
    """Drops older days, or leaves them for later while somebody reads the table, as backups do.

    A drop needs the whole table for itself: while it waited, every result would wait behind it.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO '200ms'")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            for day in sorted(day for day in _known_days() if day < before):
                cursor.execute(f"DROP TABLE {_name(day)}")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        log.info("old results are dropped later: %s", error)


def _name(day: date) -> str:
    return f"check_result_{day:%Y_%m_%d}"


def _known_days() -> set[date]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits "
            "WHERE inhparent = 'check_result'::regclass"
        )
        names = [name for (name,) in cursor.fetchall()]
    found = (re.fullmatch(r"check_result_(\d{4})_(\d\d)_(\d\d)", name) for name in names)
    return {date(*map(int, match.groups())) for match in found if match}
