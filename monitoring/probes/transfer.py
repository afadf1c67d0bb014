"""One reusable curl handle: it makes one check at a time, on a connection of its own."""

import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

import pycurl

from monitoring.outcome import Phases, Reason, Result
from monitoring.probes.job import Job
from monitoring.probes.lookups import Lookup
from monitoring.probes.reasons import (
    COULDNT_CONNECT,
    OUR_ERRORS,
    TIMED_OUT,
    WRITE_ERROR,
    reason_of,
)

USER_AGENT = "Bellbuoy (status page monitor)"
MAX_REDIRECTS = 5
MAX_BODY_BYTES = 64 * 1024
_TRUST = ssl.get_default_verify_paths()


class Transfer:
    """`finish` reads the result of the job begun last."""

    def __init__(self, allows: Callable[[str, int], bool]) -> None:
        """`allows` says whether an IP address may be connected to at a port."""
        self.allows = allows
        self.job: Job | None = None
        self.blocked = False
        self.no_socket = False
        # The deadline, by the monotonic clock, passed while this process stood still.
        self.excused = False
        self.deadline = 0.0
        self.body_bytes = 0
        self.lookup_ms = 0
        self.handle = pycurl.Curl()
        # The loop finds the transfer again by its handle.
        self.handle.transfer = self
        self._configure()

    def begin(self, job: Job, lookup: Lookup | None = None) -> None:
        """`lookup` found the addresses of the URL's name; it has used some of the time."""
        self.job = job
        self.blocked = self.excused = self.no_socket = False
        self.body_bytes = 0
        left_ms = lookup.left_ms if lookup else job.timeout_ms
        self.lookup_ms = job.timeout_ms - left_ms
        self.deadline = time.monotonic() + left_ms / 1000
        self.handle.setopt(pycurl.URL, job.url)
        self.handle.setopt(pycurl.TIMEOUT_MS, max(1, left_ms))
        if lookup:
            self.handle.setopt(pycurl.RESOLVE, [lookup.pair])

    def stood_still(self, code: int) -> bool:
        """Whether the time ran out while this process could not look."""
        return self.excused and code == TIMED_OUT

    def lacked_means(self, code: int) -> bool:
        """Whether connecting failed for want of a descriptor or another thing of ours."""
        if code != COULDNT_CONNECT:
            return False
        return self.no_socket or self.handle.getinfo(pycurl.OS_ERRNO) in OUR_ERRORS

    def finish(self, code: int) -> Result:
        """The result for libcurl's `code`, 0 for a complete answer.

        A body cut at its limit is as good as a complete one: the status says what we ask.
        """
        assert self.job is not None
        if code == WRITE_ERROR and self.body_bytes > MAX_BODY_BYTES:
            code = 0
        if code:
            reason = self._reason(code)
            return Result(self.job.monitor_id, self.job.started_at, reason)
        status = self.handle.getinfo(pycurl.RESPONSE_CODE)
        return Result(
            self.job.monitor_id,
            self.job.started_at,
            Reason.NONE if 200 <= status < 300 else Reason.HTTP_STATUS,
            status_code=status,
            response_ms=self.lookup_ms + _ms(self.handle.getinfo(pycurl.TOTAL_TIME)),
            phases=self._phases(),
        )

    def _reason(self, code: int) -> Reason:
        if self.blocked:
            return Reason.BLOCKED
        return reason_of(code, self.handle.getinfo(pycurl.OS_ERRNO))

    def _phases(self) -> Phases:
        named = self.handle.getinfo(pycurl.NAMELOOKUP_TIME)
        connected = self.handle.getinfo(pycurl.CONNECT_TIME)
        secured = self.handle.getinfo(pycurl.APPCONNECT_TIME)
        answered = self.handle.getinfo(pycurl.STARTTRANSFER_TIME)
        return Phases(
            dns=self.lookup_ms + _ms(named),
            connect=_ms(connected - named),
            tls=_ms(secured - connected) if secured else 0,
            first_byte=_ms(answered - (secured or connected)),
        )

    def _configure(self) -> None:
        set_option = self.handle.setopt
        set_option(pycurl.USERAGENT, USER_AGENT)
        set_option(pycurl.HTTPHEADER, ["Accept: */*", "Connection: close"])
        set_option(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
        set_option(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        set_option(pycurl.REDIR_PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
        set_option(pycurl.FOLLOWLOCATION, 1)
        set_option(pycurl.MAXREDIRS, MAX_REDIRECTS)
        set_option(pycurl.PROXY, "")
        set_option(pycurl.NOSIGNAL, 1)
        set_option(pycurl.DNS_CACHE_TIMEOUT, 0)
        set_option(pycurl.FRESH_CONNECT, 1)
        set_option(pycurl.FORBID_REUSE, 1)
        set_option(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        set_option(pycurl.WRITEFUNCTION, self._count)
        if _TRUST.cafile:
            set_option(pycurl.CAINFO, _TRUST.cafile)
        if _TRUST.capath:
            set_option(pycurl.CAPATH, _TRUST.capath)

    def _open_socket(
        self, purpose: int, place: tuple[int, int, int, tuple[str | bytes, int]]
    ) -> Any:
        """Called with each address about to be connected to, so after every name lookup."""
        family, kind, protocol, (host, port, *_) = place
        if not self.allows(_text(host), port):
            self.blocked = True
            return pycurl.SOCKET_BAD
        try:
            return _Lent(family, kind, protocol)
        except OSError:
            self.no_socket = True
            return pycurl.SOCKET_BAD

    def _count(self, chunk: bytes) -> int:
        """Reads on up to the limit; any other number than was given ends the transfer."""
        self.body_bytes += len(chunk)
        return len(chunk) if self.body_bytes <= MAX_BODY_BYTES else 0


class _Lent(socket.socket):
    """A socket of which pycurl takes a duplicate: ours closes as soon as nobody refers to it."""

    def __del__(self) -> None:
        # Without a descriptor it never became a socket.
        if self.fileno() >= 0:
            self.close()


def _text(host: str | bytes) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else host


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
