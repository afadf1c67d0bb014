"""Results into the database: each one once, and each monitor's run of equal ones extended."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, connection, transaction
from psycopg.errors import CheckViolation

from monitoring.outcome import Result
from monitoring.partitions import make_days
from monitoring.verdict import Streak, Verdict

_Rows = dict[UUID, dict[str, object]]
_encode = msgspec.json.Encoder().encode


def store(results: Sequence[Result]) -> None:
    """Commits the results, in any order; those already there are left alone.

    Batches travel as JSON text, both ways: for 200 rows that costs a third of COPY into a
    temporary table on our side and the same in PostgreSQL.
    """
    try:
        _store(results)
    except IntegrityError as error:
        if not isinstance(error.__cause__, CheckViolation):
            raise
        # Only a missing partition can be meant: the table has no check of its own.
        make_days({result.checked_at.astimezone(UTC).date() for result in results})
        _store(results)


def _store(results: Sequence[Result]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # A crash of PostgreSQL may cost the last half second of results, never a torn batch.
        cursor.execute("SET LOCAL synchronous_commit TO off")
        cursor.execute(_INSERT, [_text(_row(result) for result in results)])
        runs = _locked_runs({result.monitor_id for result in results})
        cursor.execute(_UPDATE, [_text(_extended(runs, results).values())])


def _extended(runs: dict[UUID, Streak], results: Sequence[Result]) -> _Rows:
    """The state of each monitor, by id, that the results move on."""
    states: _Rows = {}
    for result in sorted(results, key=lambda result: result.checked_at):
        run = runs.get(result.monitor_id)
        if run is None:
            continue
        extended = runs[result.monitor_id] = run.extended(result.verdict, result.checked_at)
        if extended is not run:
            earlier = states.get(result.monitor_id, {})
            states[result.monitor_id] = earlier | _state(extended, result)
    return states


class _Run(msgspec.Struct):
    id: UUID
    verdict: Verdict | None
    streak: int
    streak_since: datetime | None
    last_result_at: datetime | None
    # Dated by a clock that was set back since.
    ahead: bool


_decode_runs = msgspec.json.Decoder(list[_Run]).decode


def _locked_runs(monitor_ids: Iterable[UUID]) -> dict[UUID, Streak]:
    """The run of each monitor; one from the future would outdo every result: it is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [list(monitor_ids)])
        (text,) = cursor.fetchone()
    return {
        run.id: Streak()
        if run.ahead
        else Streak(run.verdict, run.streak, run.streak_since, run.last_result_at)
        for run in _decode_runs(text)
    }


def _row(result: Result) -> dict[str, object]:
    phases = result.phases
    return {
        "monitor_id": result.monitor_id,
        "checked_at": result.checked_at,
        "verdict": result.verdict,
        "status_code": result.status_code,
        "response_ms": result.response_ms,
        "phases": phases and [phases.dns, phases.connect, phases.tls, phases.first_byte],
        "reason": result.reason,
    }


def _state(run: Streak, result: Result) -> dict[str, object]:
    verified = {} if run.verdict is Verdict.UNKNOWN else {"verified_at": run.newest}
    return verified | {
        "id": result.monitor_id,
        "verdict": run.verdict,
        "streak": run.length,
        "streak_since": run.since,
        "last_result_at": run.newest,
        "last_response_ms": result.response_ms,
        "last_status_code": result.status_code,
        "last_error": result.reason,
    }


def _text(rows: Iterable[dict[str, object]]) -> str:
    return _encode(list(rows)).decode()


_INSERT = """
    INSERT INTO check_result
        (monitor_id, checked_at, verdict, status_code, response_ms, phases, reason)
    SELECT monitor_id, checked_at, verdict, status_code, response_ms, phases, reason
    FROM json_to_recordset(%s::json) AS row (
        monitor_id uuid, checked_at timestamptz, verdict text, status_code smallint,
        response_ms integer, phases integer[], reason text
    )
    ON CONFLICT DO NOTHING
"""
_LOCK = """
    SELECT COALESCE(json_agg(run), '[]')::text
    FROM (
        SELECT id, verdict, streak, streak_since, last_result_at,
            COALESCE(last_result_at > clock_timestamp(), FALSE) AS ahead
        FROM monitoring_monitor
        WHERE id = ANY(%s)
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS run
"""
_UPDATE = """
    UPDATE monitoring_monitor AS monitor
    SET verdict = new.verdict,
        streak = new.streak,
        streak_since = new.streak_since,
        last_result_at = new.last_result_at,
        verified_at = COALESCE(new.verified_at, monitor.verified_at),
        last_response_ms = new.last_response_ms,
        last_status_code = new.last_status_code,
        last_error = new.last_error
    FROM json_to_recordset(%s::json) AS new (
        id uuid, verdict text, streak integer, streak_since timestamptz,
        last_result_at timestamptz, verified_at timestamptz, last_response_ms integer,
        last_status_code smallint, last_error text
    )
    WHERE monitor.id = new.id
"""
