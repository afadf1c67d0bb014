"""Checks that wait for the addresses of their target's name."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from monitoring.probes.job import Job
from monitoring.probes.names import Names

# Deadlines that passed are looked for this often: a lookup may end so much late.
SWEEP_S = 0.1


@dataclass(slots=True)
class Lookup:
    """One check's: since when by the monotonic clock, and the addresses once they are known."""

    job: Job
    host: str
    port: int
    began: float = field(default_factory=time.monotonic)
    addresses: list[str] = field(default_factory=list)
    # The deadline passed while this process stood still.
    excused: bool = False

    @property
    def deadline(self) -> float:
        return self.began + self.job.timeout_ms / 1000

    @property
    def left_ms(self) -> int:
        """What remains of the check's one deadline."""
        return round((self.deadline - time.monotonic()) * 1000)

    @property
    def pair(self) -> str:
        """`host:port:address,address`, as CURLOPT_RESOLVE takes it."""
        plain = (f"[{each}]" if ":" in each else each for each in self.addresses)
        return f"{self.host}:{self.port}:{','.join(plain)}"


def lookup_for(job: Job) -> Lookup | None:
    """None where the URL holds an IP address (see `monitoring.targets`), not a name."""
    parts = urlsplit(job.url)
    host = parts.hostname or ""
    if ":" in host or host[-1:].isdigit():
        return None
    return Lookup(job, host, parts.port or (443 if parts.scheme == "https" else 80))


class Lookups:
    def __init__(self) -> None:
        self.names = Names()
        self.waiting: dict[str, list[Lookup]] = {}
        self._swept_at = time.monotonic()

    def __len__(self) -> int:
        return sum(map(len, self.waiting.values()))

    def add(self, lookup: Lookup) -> None:
        self.waiting.setdefault(lookup.host, []).append(lookup)
        self.names.ask(lookup.host)

    def excuse(self, *, due_by: float) -> None:
        for lookups in self.waiting.values():
            for lookup in lookups:
                lookup.excused |= lookup.deadline <= due_by

    def ended(self) -> Iterator[Lookup]:
        """Those with addresses, those whose name has none, and those out of time."""
        for host, addresses in self.names.answers().items():
            for lookup in self.waiting.pop(host, ()):
                lookup.addresses = addresses
                yield lookup
        if time.monotonic() - self._swept_at >= SWEEP_S:
            self._swept_at = time.monotonic()
            yield from self._expired()

    def drop(self) -> list[Job]:
        """Forgets them all and returns their jobs."""
        jobs = [lookup.job for lookups in self.waiting.values() for lookup in lookups]
        self.waiting.clear()
        return jobs

    def _expired(self) -> list[Lookup]:
        late: list[Lookup] = []
        for host, lookups in list(self.waiting.items()):
            late += [lookup for lookup in lookups if lookup.left_ms <= 0]
            self.waiting[host] = [lookup for lookup in lookups if lookup.left_ms > 0]
            if not self.waiting[host]:
                del self.waiting[host]
        return late
