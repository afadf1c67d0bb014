"""Which monitors are due: taken once, whoever asks."""

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from monitoring.probes import Job


def claim_due(limit: int) -> list[Job]:
    """Takes up to `limit` due monitors, those waiting longest first.

    The same statement moves each to its next slot after now, so slots that passed unseen
    are not made up for, and nobody else takes this one.
    """
    return _claim("next_check_at <= now()", limit)


def claim_all() -> list[Job]:
    """Takes every enabled monitor, due or not."""
    return _claim("TRUE", None)


def recall() -> None:
    """Makes monitors due that wait longer than their interval: a clock was set back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE monitoring_monitor SET next_check_at = now() "
            "WHERE enabled AND next_check_at > now() + make_interval(secs => interval_s)"
        )


def hand_over(monitor_ids: Iterable[UUID]) -> None:
    """Makes claimed monitors due again, for whoever runs next."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE monitoring_monitor SET next_check_at = now() WHERE id = ANY(%s)",
            [list(monitor_ids)],
        )


def _claim(condition: str, limit: int | None) -> list[Job]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(condition=condition), [limit])
        rows = cursor.fetchall()
    if not rows:
        return []
    started_at = datetime.fromtimestamp(rows[0][-1], UTC)
    return [Job(monitor_id, url, timeout, started_at) for monitor_id, url, timeout, _ in rows]


_CLAIM = """
    WITH due AS MATERIALIZED (
        SELECT id
        FROM monitoring_monitor
        WHERE enabled AND {condition}
        ORDER BY next_check_at
        LIMIT %s
        FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE monitoring_monitor AS monitor
    SET next_check_at = anchor_at + make_interval(secs => interval_s * (
        floor(extract(epoch FROM now() - anchor_at) / interval_s) + 1))
    FROM due
    WHERE monitor.id = due.id
    RETURNING monitor.id, monitor.url, monitor.timeout_ms, extract(epoch FROM now())::float8
"""
