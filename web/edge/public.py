"""What a visitor gets when no copy can be sent at once: a build, a previous copy or a notice."""

import asyncio
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache

from web.edge import notices
from web.edge.builds import Builds, Outcome, Unbuilt
from web.edge.copies import Copies, Copy
from web.edge.disk import Disk
from web.edge.notices import Notice
from web.edge.watch import Watch

# How long a visitor waits where there is no copy at all.
_FIRST_BUILD_S = 2.0


@dataclass(frozen=True, slots=True)
class Stale:
    """A copy of which nobody can say whether it is still right."""

    copy: Copy


class Unknown:
    """Paths at which there was nothing a moment ago, so that asking again costs nothing."""

    def __init__(self, *, ttl_s: float = 1.0, limit: int = 4096) -> None:
        self._ttl_s = ttl_s
        self._limit = limit
        self._until: OrderedDict[str, float] = OrderedDict()

    def __contains__(self, path: str) -> bool:
        return self._until.get(path, 0.0) > time.monotonic()

    def add(self, path: str) -> None:
        self._until[path] = time.monotonic() + self._ttl_s
        self._until.move_to_end(path)
        while len(self._until) > self._limit:
            self._until.popitem(last=False)

    def clear(self) -> None:
        self._until.clear()


class Public:
    def __init__(self, *, copies: Copies, builds: Builds, watch: Watch, disk: Disk) -> None:
        self._copies = copies
        self._builds = builds
        self._watch = watch
        self._disk = disk
        self.unknown = Unknown()

    async def find(self, path: str) -> Copy | Stale | Notice:
        """`path` names a document and has no slash at its end."""
        copy = self._copies.get(path)
        if not self._copies.confirmed:
            return await self._last_good(path, copy)
        if copy is not None and not copy.dirty:
            return copy
        if path in self.unknown:
            return _not_found(path)
        patience = _FIRST_BUILD_S if copy is None else copy.patience_s
        outcome = await self._build(path, patience)
        if isinstance(outcome, Unbuilt):
            return await self._without(path, outcome, copy)
        if outcome is not None:
            return outcome
        return await self._last_good(path, copy) if copy is None or copy.doubtful else copy

    async def _without(self, path: str, why: Unbuilt, copy: Copy | None) -> Stale | Notice:
        if why is Unbuilt.NOT_FOUND:
            self.unknown.add(path)
            return _not_found(path)
        if why is Unbuilt.BUSY:
            return _unavailable(path)
        self._watch.look()
        return await self._last_good(path, copy)

    async def _build(self, path: str, patience: float) -> Outcome | None:
        """None when it takes longer than `patience` seconds; it goes on all the same."""
        flight = asyncio.wrap_future(self._builds.start(path))
        done, _ = await asyncio.wait([flight], timeout=patience)
        return flight.result() if done else None

    async def _last_good(self, path: str, copy: Copy | None) -> Stale | Notice:
        if copy is None and self._disk.holds(path):
            finished = await asyncio.to_thread(self._disk.load, path)
            copy = self._copies.store(finished, dirty=True) if finished is not None else None
        return Stale(copy) if copy is not None else _unavailable(path)


@cache
def _prepared(status: int, as_json: bool) -> Notice:  # noqa: FBT001
    make = notices.not_found if status == 404 else notices.unavailable
    return make(as_json=as_json)


def _not_found(path: str) -> Notice:
    return _prepared(404, path.endswith(".json"))


def _unavailable(path: str) -> Notice:
    return _prepared(503, path.endswith(".json"))
