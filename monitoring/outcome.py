"""One check's result. Pure: no query, no clock, no settings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from monitoring.verdict import Verdict


class Reason(StrEnum):
    """Why a check did not say "up". The list is closed: pages and alerts rely on it."""

    NONE = ""
    TIMEOUT = "timeout"
    DNS = "dns"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    TLS = "tls"
    HTTP_STATUS = "http_status"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    EMPTY_ANSWER = "empty_answer"
    INCOMPLETE = "incomplete"
    MALFORMED = "malformed"
    FAILED = "failed"
    BLOCKED = "blocked_by_policy"
    OWN_NETWORK = "own_network"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Reason.NONE: "",
    Reason.TIMEOUT: "No complete answer in time",
    Reason.DNS: "The name could not be resolved",
    Reason.REFUSED: "Connection refused",
    Reason.UNREACHABLE: "No connection",
    Reason.RESET: "Connection reset",
    Reason.TLS: "TLS failed",
    Reason.HTTP_STATUS: "Answered with another status than 2xx",
    Reason.TOO_MANY_REDIRECTS: "Too many redirects",
    Reason.EMPTY_ANSWER: "Closed without an answer",
    Reason.INCOMPLETE: "The answer broke off",
    Reason.MALFORMED: "The answer is not HTTP",
    Reason.FAILED: "The check failed",
    Reason.BLOCKED: "The address may not be checked",
    Reason.OWN_NETWORK: "Everything fails at once: our own network is suspected",
}
SILENT = frozenset({Reason.BLOCKED, Reason.OWN_NETWORK})


def verdict_of(reason: Reason) -> Verdict:
    """Reasons that lie with us say nothing of the target."""
    if reason is Reason.NONE:
        return Verdict.UP
    return Verdict.UNKNOWN if reason in SILENT else Verdict.DOWN


@dataclass(frozen=True, slots=True)
class Phases:
    """How long each part of a check took, in ms; parts that were not reached are 0."""

    dns: int
    connect: int
    tls: int
    first_byte: int


@dataclass(frozen=True, slots=True)
class Result:
    """One finished check, at the instant it began; `response_ms` only of a complete answer."""

    monitor_id: UUID
    checked_at: datetime
    reason: Reason = Reason.NONE
    status_code: int | None = None
    response_ms: int | None = None
    phases: Phases | None = None

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.reason)
