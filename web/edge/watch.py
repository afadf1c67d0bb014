"""Keeps this process's copies honest.

One thread asks Redis twice a second for the versions of all pages held, with one MGET. Another
asks PostgreSQL: for what Redis does not know, when a version moved, and once a second in any
case, so that a lost or outdated hint cannot hide a change and a PostgreSQL that is away, or hangs,
is noticed. Requests wait for neither.
"""

import logging
import threading
import time
from collections.abc import Iterable
from uuid import UUID

from django.db import Error, close_old_connections
from django.utils.timezone import now
from redis import Redis

from pages.cache import attempt
from pages.lookup import default_page
from pages.models import Page
from pages.versions import version_key
from web.edge.builds import Builds
from web.edge.copies import RETRY_TICKS, Copies
from web.edge.disk import Disk
from web.edge.root import Root

log = logging.getLogger(__name__)

TICK_S = 0.5
LEDGER_PERIOD_S = 0.9
HUNG_AFTER_S = 2.0
_REBUILDS_AT_ONCE = 10
# Asked about besides the pages held, so that PostgreSQL is asked even when none is.
_NO_PAGE = UUID(int=0)
# A deleted page never comes back: its id is not given again.
_DELETED = (2**63 - 2, False)


class Watch:
    def __init__(self, *, copies: Copies, builds: Builds, disk: Disk, root: Root) -> None:
        self._copies = copies
        self._builds = builds
        self._disk = disk
        self._root = root
        self._ended = threading.Event()
        self._ledger_wanted = threading.Event()
        self._asking_since: float | None = None
        self._asked_at = 0.0

    def start(self) -> None:
        self._ledger_wanted.set()
        for work in (self._watch_hints, self._watch_ledger):
            threading.Thread(target=work, name=f"edge{work.__name__}", daemon=True).start()

    def end(self) -> None:
        self._ended.set()
        self._ledger_wanted.set()
        self._builds.close()

    def doubt(self) -> None:
        """PostgreSQL could not be asked: copies are stale until it can."""
        if self._copies.confirmed:
            log.warning("PostgreSQL cannot be asked: pages are served from the last good copies")
        self._copies.confirm(False)

    def look(self) -> None:
        """Something failed: PostgreSQL is asked soon."""
        self._ledger_wanted.set()

    def confirm(self, *, own_change: bool = False) -> None:
        """Asks PostgreSQL for the truth about all pages held, here or on disk, and the root."""
        pages = self._copies.page_ids() | self._disk.versions().keys()
        floors = {page: self._copies.floor(page) for page in pages}
        try:
            found = _read_versions(pages)
            default = default_page()
        except Error:
            self.doubt()
            return
        for page in pages:
            version, is_public = found.get(page, _DELETED)
            if not is_public:
                self._copies.forget(page, version)
                self._disk.bury(page, version)
            elif version < floors[page]:
                self._copies.rewind(page, version)
                self._disk.rewind(page)
        self._copies.observe({page: v for page, (v, _) in found.items()}, own_change=own_change)
        self._root.hear(default.subdomain if default is not None else None)
        self._copies.confirm(True)

    def _watch_hints(self) -> None:
        while not self._ended.wait(TICK_S):
            try:
                self._tick()
            except Exception:
                log.exception("the copies' hints were not looked at")

    def _tick(self) -> None:
        self._copies.tick += 1
        self._copies.expire(now())
        pages = self._copies.page_ids()
        hints = _read_hints(pages)
        moved = self._copies.observe(hints)
        due = time.monotonic() - self._asked_at >= LEDGER_PERIOD_S
        if moved or due or len(hints) < len(pages) or self._copies.to_rebuild():
            self._ledger_wanted.set()
        since = self._asking_since
        if since is not None and time.monotonic() - since > HUNG_AFTER_S:
            self.doubt()

    def _watch_ledger(self) -> None:
        while not self._ended.is_set():
            self._ledger_wanted.wait()
            self._ledger_wanted.clear()
            try:
                self._ask()
                self._rebuild()
            except Exception:
                log.exception("the copies were not compared with PostgreSQL")

    def _ask(self) -> None:
        self._asking_since = self._asked_at = time.monotonic()
        close_old_connections()
        try:
            self.confirm()
        finally:
            close_old_connections()
            self._asking_since = None

    def _rebuild(self) -> None:
        """Some of what changed, before anyone asks; once it is built older copies leave the disk.

        Waits for no build: one that hangs must not keep PostgreSQL from being asked.
        """
        if not self._copies.confirmed:
            return
        free = max(0, _REBUILDS_AT_ONCE - self._builds.rebuilding())
        for copy in self._copies.to_rebuild()[:free]:
            copy.retry_tick = self._copies.tick + RETRY_TICKS
            self._builds.start(copy.finished.path)
        waiting = self._copies.outdated_pages()
        for page, oldest in self._disk.versions().items():
            if page not in waiting and oldest < (floor := self._copies.floor(page)):
                self._disk.forget_older(page, floor)


def _read_hints(pages: Iterable[UUID]) -> dict[UUID, int]:
    """What Redis knows; empty when it cannot be asked."""
    ids = list(pages)
    if not ids:
        return {}

    def ask(client: Redis) -> list[bytes | str | None]:
        return list(client.mget([version_key(page) for page in ids]))

    nothing: list[bytes | str | None] = []
    answers = attempt(ask, otherwise=nothing)
    return {page: int(text) for page, text in zip(ids, answers, strict=False) if text}


def _read_versions(pages: Iterable[UUID]) -> dict[UUID, tuple[int, bool]]:
    """The pages that exist: their version, and whether visitors may see them."""
    found = Page.objects.filter(id__in=[*pages, _NO_PAGE]).values_list("id", "version", "status")
    return {page: (version, state == Page.State.PUBLISHED) for page, version, state in found}
