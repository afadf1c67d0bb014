"""One shift: claim, check, store, again and again, and leave nothing behind."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, close_old_connections

from monitoring.actions.record import keep_results, record_results
from monitoring.addresses import Policy
from monitoring.following import follow_page, lagging_pages
from monitoring.gaps import follow_gaps
from monitoring.outcome import Result
from monitoring.probes import Job, Probes
from monitoring.shift.claims import claim_all, claim_due, hand_over, recall
from monitoring.shift.lease import Lease

log = logging.getLogger(__name__)

SHIFT_S = 55.0
CLAIM_EVERY_S = 0.25
CLAIM_BATCH = 200
STORE_EVERY_S = 1.0
STORE_BATCH = 200
# While PostgreSQL is away, so many results are kept, and it is asked so often.
MAX_UNSTORED = 20_000
RETRY_S = 1.0
# PostgreSQL may do later what it cannot now; any other error will come again.
OUTAGES = (OperationalError, InterfaceError)
# So long pages are changed before checks get their turn again.
FOLLOW_S = 0.1
# At the end: time for checks that are nearly done, and for pages still to be changed.
DRAIN_S = 0.25
LAST_FOLLOW_S = 1.0


def run_shift(*, stopped: Callable[[], bool], seconds: float = SHIFT_S) -> bool:
    """Runs checks for `seconds` in a free place; False when every place is taken."""
    lease = Lease.take(places=settings.CHECK_PROCESSES)
    if lease is None:
        return False
    # Before the first result can hide since when there was none.
    follow_gaps(at=lease.taken_at)
    Shift(lease).run(stopped=stopped, seconds=seconds)
    return True


def run_once(*, at: datetime) -> tuple[list[Result], list[Job]]:
    """Checks every enabled monitor now and stores the results.

    Also returns what could not be checked for want of something of ours, tried twice.
    """
    follow_gaps(at=at)
    probes = Probes(Policy.of(settings.MONITOR_ALLOWED_NETWORKS))
    results = _checked(probes, claim_all())
    results += _checked(probes, probes.take_undone())
    undone = probes.take_undone()
    probes.close()
    hand_over(job.monitor_id for job in undone)
    record_results(results, at=at)
    for page_id, component_ids in lagging_pages().items():
        follow_page(page_id=page_id, component_ids=component_ids, at=at)
    return results, undone


def _checked(probes: Probes, waiting: list[Job]) -> list[Result]:
    results: list[Result] = []
    while waiting or probes.in_flight:
        batch = min(CLAIM_BATCH, probes.capacity)
        probes.start(waiting[:batch])
        del waiting[:batch]
        results += probes.step(0 if waiting else 1)
    return results


class Shift:
    """The state of one shift; everything happens in `run`."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.lost = False
        self.probes = Probes(Policy.of(settings.MONITOR_ALLOWED_NETWORKS))
        self.unstored: list[Result] = []
        self.stored = 0
        # PostgreSQL's clock, a second old at most.
        self.database_at = lease.taken_at
        # Components, by page, that results call upon to change, now or in a second.
        self.touched: dict[UUID, set[UUID]] = {}
        self.postponed: dict[UUID, set[UUID]] = {}
        # Whether more monitors are due than were claimed.
        self.behind = False
        self.claim_at = self.store_at = self.follow_at = time.monotonic()

    def run(self, *, stopped: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        try:
            _add(lagging_pages(), to=self.touched)
            recall()
            while not self.lost and not stopped() and time.monotonic() < end:
                self._claim()
                self.unstored += self.probes.step(self._patience())
                self._store_in_time()
                self._follow_in_time()
            self._drain()
        finally:
            self._leave()

    def _claim(self) -> None:
        """A full batch means that more is due: it is asked for at once."""
        if time.monotonic() < self.claim_at:
            return
        limit = min(CLAIM_BATCH, self.probes.capacity)
        try:
            jobs = claim_due(limit)
        except OUTAGES as error:
            self._note_outage(error)
            return
        self.probes.start(jobs)
        self.behind = len(jobs) == CLAIM_BATCH
        if not self.behind:
            self.claim_at = time.monotonic() + CLAIM_EVERY_S

    def _store_in_time(self) -> None:
        if time.monotonic() >= self.store_at or len(self.unstored) >= STORE_BATCH:
            self._store()

    def _store(self) -> None:
        """Renews first: results of a process that stood still for long are not believed."""
        try:
            if time.monotonic() >= self.store_at and not self._renew():
                return
            if self.unstored:
                self._keep(self.unstored)
            self.stored += len(self.unstored)
            self.unstored.clear()
            if self.probes.undone:
                hand_over(job.monitor_id for job in self.probes.undone)
                self.probes.undone.clear()
        except OUTAGES as error:
            self._note_outage(error)

    def _keep(self, results: list[Result]) -> None:
        """Stores what PostgreSQL takes: of a batch it refuses each half is tried."""
        try:
            _add(keep_results(results), to=self.touched)
        except OUTAGES:
            raise
        except Error:
            if len(results) == 1:
                log.exception("a result of monitor %s is dropped", results[0].monitor_id)
                return
            middle = len(results) // 2
            self._keep(results[:middle])
            self._keep(results[middle:])

    def _renew(self) -> bool:
        renewed_at = self.lease.renew()
        self.store_at = time.monotonic() + STORE_EVERY_S
        self.lost = renewed_at is None
        if renewed_at and renewed_at < self.database_at:
            recall()
        self.database_at = renewed_at or self.database_at
        _add(self.postponed, to=self.touched)
        self.postponed.clear()
        return not self.lost

    def _note_outage(self, error: Error) -> None:
        log.warning("PostgreSQL does not answer, checks wait: %s", error)
        close_old_connections()
        del self.unstored[:-MAX_UNSTORED]
        self.claim_at = self.store_at = time.monotonic() + RETRY_S

    def _follow_in_time(self) -> None:
        """An outage of many pages holds up no check: while some wait, one page a second."""
        if not self.behind:
            self._follow(FOLLOW_S)
        elif time.monotonic() >= self.follow_at:
            self._follow(0)
            self.follow_at = time.monotonic() + 1

    def _follow(self, seconds: float) -> None:
        """Changes pages until the time is up, at least one."""
        end = time.monotonic() + seconds
        while self.touched and not self.lost:
            page_id, component_ids = self.touched.popitem()
            if not follow_page(page_id=page_id, component_ids=component_ids, at=self.database_at):
                _add({page_id: component_ids}, to=self.postponed)
            if time.monotonic() >= end:
                break

    def _patience(self) -> float:
        if self.touched:
            return 0.0
        return max(0.0, min(self.claim_at, self.store_at) - time.monotonic())

    def _drain(self) -> None:
        end = time.monotonic() + DRAIN_S
        while self.probes.in_flight and not self.lost and time.monotonic() < end:
            self.unstored += self.probes.step(end - time.monotonic())
        if not self.lost:
            self._store()
        self._follow(LAST_FOLLOW_S)

    def _leave(self) -> None:
        """What is still in flight, or was never stored, is due again for the next shift."""
        jobs = self.probes.abandon()
        self.probes.close()
        waiting = {job.monitor_id for job in jobs} | {r.monitor_id for r in self.unstored}
        try:
            if waiting:
                hand_over(waiting)
            self.lease.release()
        except Error as error:
            log.warning("checks ended while PostgreSQL was away: %s", error)
            close_old_connections()


def _add(pages: dict[UUID, set[UUID]], *, to: dict[UUID, set[UUID]]) -> None:
    for page_id, component_ids in pages.items():
        to.setdefault(page_id, set()).update(component_ids)
