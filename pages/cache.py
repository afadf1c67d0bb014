"""Redis as a hint: bounded in time, never raising, left alone for a while after a failure.

A dead or hanging server costs one caller at most about 0.2 s each 5 s.
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from django.conf import settings
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from pages.breaker import Breaker

log = logging.getLogger(__name__)

TIMEOUT_S = 0.2
BREAKER = Breaker(open_s=5)

T = TypeVar("T")


@cache
def redis_client() -> "Redis":
    """The process's raw client; prefer `attempt`, which shields the caller from it.

    Without an explicit Retry redis-py tries again for seconds.
    """
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=TIMEOUT_S,
        socket_connect_timeout=TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
    )


def attempt(ask: Callable[["Redis"], T], *, otherwise: T) -> T:
    """What `ask(client)` returns, or `otherwise` when Redis cannot be asked now."""
    if not BREAKER.closed:
        return otherwise
    try:
        return ask(redis_client())
    except (RedisError, OSError) as error:
        BREAKER.trip()
        log.warning("redis cannot be asked, left alone for a while: %s", error)
        return otherwise
