"""The event loop: libcurl's multi interface on epoll, so that cost follows events, not handles."""

import resource
import select
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import pycurl

from monitoring.addresses import Policy
from monitoring.outcome import Reason, Result
from monitoring.probes.job import Job
from monitoring.probes.lookups import SWEEP_S, Lookup, Lookups, lookup_for
from monitoring.probes.transfer import Transfer

# Idle handles kept for the next checks; more may be in flight.
KEPT_HANDLES = 400
# A hanging target holds one descriptor until its deadline, nothing else.
MAX_IN_FLIGHT = 4000
# Addresses are judged anew at each connection; the judgement itself is remembered.
KNOWN_ADDRESSES = 10_000
# For databases, logs and name lookups beside the checks.
SPARE_DESCRIPTORS = 200
# This process did not run for so long: deadlines that passed meanwhile prove nothing.
STALL_S = 1.0

_TO_EPOLL = {
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
_ERRORS = select.EPOLLERR | select.EPOLLHUP


class Probes:
    """Starts checks and hands out their results; belongs to one thread."""

    def __init__(self, policy: Policy, *, max_in_flight: int = MAX_IN_FLIGHT) -> None:
        self.allows = lru_cache(KNOWN_ADDRESSES)(policy.allows_text)
        self.max_in_flight = min(max_in_flight, _descriptors(max_in_flight))
        self.running: set[Transfer] = set()
        self.idle: list[Transfer] = []
        # Jobs for which something of ours was missing: they are to be tried later.
        self.undone: list[Job] = []
        self._epoll = select.epoll()
        self._watched: set[int] = set()
        self._timer: float | None = None
        self._stepped_at = time.monotonic()
        self._lookups = Lookups()
        self._epoll.register(self._lookups.names.bell, select.EPOLLIN)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    @property
    def capacity(self) -> int:
        """How many more checks may be started now."""
        return self.max_in_flight - self.in_flight

    @property
    def in_flight(self) -> int:
        return len(self.running) + len(self._lookups)

    def start(self, jobs: Iterable[Job]) -> None:
        if not self.in_flight:
            self._stepped_at = time.monotonic()
        for job in jobs:
            lookup = lookup_for(job)
            if lookup is None:
                self._begin(job)
            else:
                self._lookups.add(lookup)

    def step(self, wait_s: float) -> list[Result]:
        """Waits at most `wait_s` for something to happen and returns what has finished."""
        self._note_stall()
        for descriptor, events in self._epoll.poll(self._patience(wait_s)):
            if descriptor != self._lookups.names.bell:
                self._multi.socket_action(descriptor, _to_curl(events))
        results = self._looked_up()
        if self._timer is not None and self._timer <= time.monotonic():
            self._timer = None
            self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        self._stepped_at = time.monotonic()
        return results + self._finished()

    def abandon(self) -> list[Job]:
        """Stops all checks without results and returns their jobs, the undone ones too."""
        jobs = self.take_undone() + self._lookups.drop()
        for transfer in list(self.running):
            assert transfer.job is not None
            jobs.append(transfer.job)
            self._release(transfer)
        return jobs

    def take_undone(self) -> list[Job]:
        jobs, self.undone = self.undone, []
        return jobs

    def close(self) -> None:
        self.abandon()
        for transfer in self.idle:
            transfer.handle.close()
        self.idle.clear()
        self._multi.close()
        self._lookups.names.close()
        self._epoll.close()

    def _begin(self, job: Job, lookup: Lookup | None = None) -> None:
        transfer = self.idle.pop() if self.idle else Transfer(self.allows)
        transfer.begin(job, lookup)
        self.running.add(transfer)
        self._multi.add_handle(transfer.handle)

    def _looked_up(self) -> list[Result]:
        """Goes on with checks whose name has an address; the others have failed."""
        failed: list[Result] = []
        for lookup in self._lookups.ended():
            reason = self._fault_of(lookup)
            if reason is Reason.NONE:
                self._begin(lookup.job, lookup)
            elif reason is Reason.TIMEOUT and lookup.excused and not lookup.job.again:
                self.start([replace(lookup.job, again=True)])
            else:
                failed.append(Result(lookup.job.monitor_id, lookup.job.started_at, reason))
        return failed

    def _fault_of(self, lookup: Lookup) -> Reason:
        """Leaves the lookup the addresses that may be connected to, if there are any."""
        if lookup.left_ms <= 0:
            return Reason.TIMEOUT
        if not lookup.addresses:
            return Reason.DNS
        lookup.addresses = [each for each in lookup.addresses if self.allows(each, lookup.port)]
        return Reason.NONE if lookup.addresses else Reason.BLOCKED

    def _finished(self) -> list[Result]:
        results: list[Result] = []
        left = 1
        while left:
            left, good, failed = self._multi.info_read()
            ended = [(handle.transfer, 0) for handle in good]
            ended += [(handle.transfer, code) for handle, code, _message in failed]
            for transfer, code in ended:
                if transfer.lacked_means(code):
                    self.undone.append(transfer.job)
                elif transfer.stood_still(code) and not transfer.job.again:
                    self.start([replace(transfer.job, again=True)])
                else:
                    results.append(transfer.finish(code))
                self._release(transfer)
        return results

    def _release(self, transfer: Transfer) -> None:
        self._multi.remove_handle(transfer.handle)
        self.running.discard(transfer)
        if len(self.idle) < KEPT_HANDLES:
            self.idle.append(transfer)
        else:
            transfer.handle.close()

    def _note_stall(self) -> None:
        """Excuses, once, checks whose time ran out, or as good as, while nobody looked."""
        at = time.monotonic()
        if at - self._stepped_at > STALL_S:
            self._lookups.excuse(due_by=at + STALL_S)
            for transfer in self.running:
                transfer.excused |= transfer.deadline <= at + STALL_S

    def _patience(self, wait_s: float) -> float:
        if self._lookups.waiting:
            wait_s = min(wait_s, SWEEP_S)
        if self._timer is None:
            return wait_s
        return max(0.0, min(wait_s, self._timer - time.monotonic()))

    def _set_timer(self, timeout_ms: int) -> None:
        self._timer = None if timeout_ms < 0 else time.monotonic() + timeout_ms / 1000

    def _watch(self, what: int, descriptor: int, multi: object, data: object) -> None:
        """Called by libcurl: which events of a descriptor it waits for."""
        if what == pycurl.POLL_REMOVE:
            self._watched.discard(descriptor)
            self._epoll.unregister(descriptor)
        elif descriptor in self._watched:
            self._epoll.modify(descriptor, _TO_EPOLL[what])
        else:
            self._watched.add(descriptor)
            self._epoll.register(descriptor, _TO_EPOLL[what])


def _descriptors(wanted: int) -> int:
    """How many checks may hold a descriptor, after asking for as many as are wanted."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + SPARE_DESCRIPTORS
    if hard != resource.RLIM_INFINITY:
        needed = min(needed, hard)
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        soft = needed
    return wanted if soft == resource.RLIM_INFINITY else max(1, soft - SPARE_DESCRIPTORS)


def _to_curl(events: int) -> int:
    action = 0
    if events & select.EPOLLIN:
        action |= pycurl.CSELECT_IN
    if events & select.EPOLLOUT:
        action |= pycurl.CSELECT_OUT
    if events & _ERRORS:
        action |= pycurl.CSELECT_ERR
    return action
