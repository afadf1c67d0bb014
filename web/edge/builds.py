"""Building documents: one build of a path at a time, few at once, never in the event loop.

Paths that are held, here or on disk, are rebuilt in a lane of their own: whoever asks for paths
that nobody has seen yet keeps no known page from getting newer.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum
from math import inf

from django.db import Error, close_old_connections

from web.edge.copies import Copies, Copy
from web.edge.disk import Disk
from web.edge.finished import Finished

log = logging.getLogger(__name__)

# Each holds a connection, as do Django's threads and the watch: all fit DATABASE_POOL_SIZE.
HELD_THREADS = 2
NEW_THREADS = 1
# Builds of paths not held that are under way or wait; whoever asks for one more is turned away.
NEW_LIMIT = 20
# A build that read an older version than is known by its end is done again, this often at most.
_ATTEMPTS = 3


class Unbuilt(Enum):
    """Why there is no copy: a visitor may see none, it could not be found out, or it was not
    tried for all the others that wait.
    """

    NOT_FOUND = 1
    FAILED = 2
    BUSY = 3


Outcome = Copy | Unbuilt
Flights = dict[str, Future[Outcome]]


class _Lane:
    """Threads for some of the builds, which `flights` holds by path."""

    def __init__(self, name: str, *, threads: int, limit: float = inf) -> None:
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix=f"edge-build-{name}")
        self.flights: Flights = {}
        self.limit = limit


class Builds:
    """`make` returns the document at a path, None where a visitor may see none."""

    def __init__(
        self,
        *,
        make: Callable[[str], Finished | None],
        copies: Copies,
        disk: Disk,
        new_limit: int = NEW_LIMIT,
    ) -> None:
        self._make = make
        self._copies = copies
        self._disk = disk
        self._held = _Lane("held", threads=HELD_THREADS)
        self._new = _Lane("new", threads=NEW_THREADS, limit=new_limit)
        self._lock = threading.Lock()

    def start(self, path: str) -> Future[Outcome]:
        """Joins the build of `path` that is under way, or begins one. Never raises later."""
        lane = self._lane_of(path)
        with self._lock:
            flight = self._held.flights.get(path) or self._new.flights.get(path)
            if flight is not None:
                return flight
            flight = Future()
            if len(lane.flights) >= lane.limit:
                flight.set_result(Unbuilt.BUSY)
                return flight
            lane.flights[path] = flight
        lane.pool.submit(self._run, lane, path)
        return flight

    def rebuilding(self) -> int:
        """How many held paths are being built, or wait for it."""
        return len(self._held.flights)

    def close(self) -> None:
        for lane in (self._held, self._new):
            lane.pool.shutdown(wait=False, cancel_futures=True)

    def _lane_of(self, path: str) -> _Lane:
        return self._held if self._copies.holds(path) or self._disk.holds(path) else self._new

    def _run(self, lane: _Lane, path: str) -> None:
        close_old_connections()
        outcome: Outcome = Unbuilt.FAILED
        try:
            outcome = self._build(path)
        except Error as error:
            log.warning("document not built: %s: %s", path, error)
        except Exception:
            log.exception("document not built: %s", path)
        finally:
            close_old_connections()
        if outcome is Unbuilt.FAILED:
            self._copies.doubt(path)
        with self._lock:
            flight = lane.flights.pop(path)
        flight.set_result(outcome)
        if isinstance(outcome, Copy):
            self._disk.save(outcome.finished)

    def _build(self, path: str) -> Outcome:
        for _ in range(_ATTEMPTS):
            finished = self._make(path)
            if finished is None:
                log.debug("nothing at %s", path)
                self._copies.drop([path])
                return Unbuilt.NOT_FOUND
            copy = self._copies.store(finished)
            if copy is not None:
                log.debug("built %s at version %d", path, finished.version)
                return copy
        return Unbuilt.FAILED
