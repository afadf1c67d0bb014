"""A circuit breaker: after a failure nothing is tried for a while."""

import time
from collections.abc import Callable


class Breaker:
    """Opens for `open_s` seconds at each failure; one per process and service.

    Threads may race for it: at worst each of them tries once.
    """

    def __init__(self, *, open_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._open_s = open_s
        self._clock = clock
        self._open_until = clock()

    @property
    def closed(self) -> bool:
        return self._clock() >= self._open_until

    def trip(self) -> None:
        self._open_until = self._clock() + self._open_s
