"""Building documents: one build of a path at a time, few at once, never in the event loop."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from enum import Enum

from django.db import Error, close_old_connections

from web.edge.copies import Copies, Copy
from web.edge.disk import Disk
from web.edge.finished import Finished

log = logging.getLogger(__name__)

THREADS = 2
# A build that read an older version than is known by its end is done again, this often at most.
_ATTEMPTS = 3


class Unbuilt(Enum):
    """Why there is no copy: a visitor may see none, or it could not be found out."""

    NOT_FOUND = 1
    FAILED = 2


Outcome = Copy | Unbuilt


class Builds:
    """`make` returns the document at a path, None where a visitor may see none."""

    def __init__(
        self,
        *,
        make: Callable[[str], Finished | None],
        copies: Copies,
        disk: Disk,
        threads: int = THREADS,
    ) -> None:
        self._make = make
        self._copies = copies
        self._disk = disk
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="edge-build")
        self._flights: dict[str, Future[Outcome]] = {}
        self._lock = threading.Lock()

    def start(self, path: str) -> Future[Outcome]:
        """Joins the build of `path` that is under way, or begins one. Never raises later."""
        with self._lock:
            flight = self._flights.get(path)
            if flight is not None:
                return flight
            flight = self._flights[path] = Future()
        self._pool.submit(self._run, path, flight)
        return flight

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, path: str, flight: Future[Outcome]) -> None:
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
        with self._lock:
            del self._flights[path]
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
