"""When a delivery is tried again. Pure: no query, no clock, no settings."""

from datetime import timedelta

BACKOFF_S = (30, 120, 600, 1800, 3600, 7200, 14400)
JITTER = 0.2
# A row that was claimed this often is given up: something about it ends workers.
MAX_ATTEMPTS = 15
LONGEST_REST_S = 60
PUT_OFF_S = (5, 600)


def delay(attempts: int, *, chance: float) -> timedelta:
    """How long to wait after the given number of attempts; `chance` in 0..1 spreads it."""
    base = BACKOFF_S[min(max(attempts, 1), len(BACKOFF_S)) - 1]
    return timedelta(seconds=base * (1 - JITTER + 2 * JITTER * chance))


def rest(strikes: int) -> timedelta:
    """How long a channel rests after refusing that many times in a row: 1 s, 2 s ... 60 s."""
    return timedelta(seconds=min(2 ** min(strikes - 1, 6), LONGEST_REST_S))


def put_off(age: timedelta) -> timedelta:
    """How long work that failed waits: once more its age, which doubles, within 5 s to 10 min."""
    shortest, longest = PUT_OFF_S
    return timedelta(seconds=min(max(age.total_seconds(), shortest), longest))
