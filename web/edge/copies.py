"""Copies of finished documents in this process, and which of them may be sent as they are."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from web.edge.answer import Variant, document_headers, variants_of
from web.edge.finished import Finished

LIMIT_BYTES = 64_000_000
# How long a request waits for a rebuild before it gets the previous copy, in seconds: longer where
# this very process committed the change (an operator sees it at once), or where the copy lay idle.
PATIENCE_S = 0.05
LONG_PATIENCE_S = 1.0
# Ticks without a request after which a copy is rebuilt only when somebody asks.
IDLE_TICKS = 60
# Ticks between rebuilds of a copy that could not be rebuilt.
RETRY_TICKS = 10


@dataclass(eq=False, slots=True)
class Copy:
    """`used` counts ticks of the watch; a dirty copy is sent only for want of a newer one, and a
    doubtful one, found on disk or not rebuilt when it had to be, only as stale.
    """

    finished: Finished
    variants: tuple[Variant, ...] = field(init=False)
    size: int = field(init=False)
    used: int = 0
    dirty: bool = False
    doubtful: bool = False
    patience_s: float = PATIENCE_S
    retry_tick: int = 0

    def __post_init__(self) -> None:
        self.variants = variants_of(self.finished.bodies, document_headers(self.finished))
        self.size = sum(map(len, self.finished.bodies))


class Copies:
    """Bounded by bytes: the longest unused go first. Safe in any thread.

    `hot` maps paths to copies that may be sent without a thought. It is empty while nobody can
    say whether the copies are still right. A page's floor is the newest version heard of: nothing
    older is stored (compare-and-set), whoever built it.
    """

    def __init__(self, *, limit_bytes: int = LIMIT_BYTES) -> None:
        self.hot: dict[str, Copy] = {}
        self.tick = 0
        self._limit = limit_bytes
        self._bytes = 0
        self._by_path: dict[str, Copy] = {}
        self._floors: dict[UUID, int] = {}
        self._confirmed = True
        self._lock = threading.Lock()

    def get(self, path: str) -> Copy | None:
        copy = self._by_path.get(path)
        if copy is not None:
            copy.used = self.tick
        return copy

    def holds(self, path: str) -> bool:
        return path in self._by_path

    def store(self, finished: Finished, *, dirty: bool = False) -> Copy | None:
        """None when a newer version of the page is known. Nobody vouches for a dirty one."""
        copy = Copy(finished, used=self.tick, dirty=dirty, doubtful=dirty)
        with self._lock:
            if finished.version < self.floor(finished.page_id):
                return None
            self._raise({finished.page_id: finished.version}, PATIENCE_S)
            self._remove(finished.path)
            self._by_path[finished.path] = copy
            self._bytes += copy.size
            if self._confirmed and not dirty:
                self.hot[finished.path] = copy
            self._evict()
        return copy

    def floor(self, page_id: UUID) -> int:
        return self._floors.get(page_id, 0)

    def observe(self, versions: Mapping[UUID, int], *, own_change: bool = False) -> bool:
        """Raises floors and makes older copies dirty; whether any is."""
        raised = {page: v for page, v in versions.items() if v > self.floor(page)}
        if not raised:
            return False
        with self._lock:
            self._raise(raised, LONG_PATIENCE_S if own_change else PATIENCE_S)
        return True

    def expire(self, at: datetime) -> None:
        """Makes copies dirty whose `valid_until` has come."""
        with self._lock:
            for path, copy in self._by_path.items():
                until = copy.finished.valid_until
                if until is not None and until <= at and not copy.dirty:
                    self._taint(path, copy)
                    copy.patience_s = LONG_PATIENCE_S if self._idle(copy) else PATIENCE_S

    def doubt(self, path: str) -> None:
        """What is at `path` could not be built: the copy is stale until it is."""
        copy = self._by_path.get(path)
        if copy is not None:
            copy.doubtful = True

    def drop(self, paths: Iterable[str]) -> None:
        with self._lock:
            for path in paths:
                self._remove(path)

    def forget(self, page_id: UUID, version: int) -> None:
        """Drops a page that is no longer public; only a later version may come back."""
        with self._lock:
            self._floors[page_id] = max(self.floor(page_id), version + 1)
            gone = [p for p, copy in self._by_path.items() if copy.finished.page_id == page_id]
            for path in gone:
                self._remove(path)

    def rewind(self, page_id: UUID, version: int) -> None:
        """Starts over at a lower version: the database is an older one, restored or promoted."""
        self.forget(page_id, version)
        self._floors[page_id] = version

    def page_ids(self) -> set[UUID]:
        with self._lock:
            return {copy.finished.page_id for copy in self._by_path.values()}

    def to_rebuild(self) -> list[Copy]:
        """The most recently used first: what an older version says must not outlive it."""
        with self._lock:
            found = [c for c in self._by_path.values() if c.dirty and c.retry_tick <= self.tick]
        wanted = [copy for copy in found if self.outdated(copy) or not self._idle(copy)]
        return sorted(wanted, key=lambda copy: copy.used, reverse=True)

    def outdated_pages(self) -> set[UUID]:
        with self._lock:
            return {c.finished.page_id for c in self._by_path.values() if self.outdated(c)}

    def outdated(self, copy: Copy) -> bool:
        """Whether the copy says what an older version of its page said."""
        return copy.finished.version < self.floor(copy.finished.page_id)

    @property
    def confirmed(self) -> bool:
        return self._confirmed

    def confirm(self, confirmed: bool) -> None:  # noqa: FBT001
        """False: nobody can say whether the copies are right, so all are sent as stale."""
        if confirmed == self._confirmed:
            return
        with self._lock:
            self._confirmed = confirmed
            self.hot.clear()
            if confirmed:
                self.hot |= {p: copy for p, copy in self._by_path.items() if not copy.dirty}

    def _idle(self, copy: Copy) -> bool:
        return self.tick - copy.used > IDLE_TICKS

    def _raise(self, floors: Mapping[UUID, int], patience_s: float) -> None:
        """A version heard of, or met in a build, makes every older copy of its page dirty."""
        self._floors.update(floors)
        for path, copy in self._by_path.items():
            if copy.finished.version < floors.get(copy.finished.page_id, 0):
                self._taint(path, copy)
                copy.patience_s = patience_s

    def _taint(self, path: str, copy: Copy) -> None:
        copy.dirty = True
        self.hot.pop(path, None)

    def _remove(self, path: str) -> None:
        copy = self._by_path.pop(path, None)
        self.hot.pop(path, None)
        if copy is not None:
            self._bytes -= copy.size

    def _evict(self) -> None:
        if self._bytes <= self._limit:
            return
        for path in sorted(self._by_path, key=lambda path: self._by_path[path].used):
            self._remove(path)
            if self._bytes <= self._limit * 0.9:
                return
