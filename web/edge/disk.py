"""Last good copies on disk, for a process that starts while PostgreSQL is away.

One flat folder, shared by the processes of a machine. A copy's file is named
`<page>.<version>.<digest of its path>`; `<page>.gone` is a tombstone: nothing of that version or
older is stored or served again. `default` holds the default page's subdomain. Names are decided
under a lock, contents replaced atomically.
"""

import fcntl
import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import msgspec

from web.edge.finished import Finished

log = logging.getLogger(__name__)

MAX_FILES = 5_000
_TOMBSTONE = "gone"
_DEFAULT = "default"
_NEWEST = 2**63 - 1


class _Name(NamedTuple):
    page: str
    version: int
    digest: str

    @property
    def text(self) -> str:
        return f"{self.page}.{self.version}.{self.digest}"


class Disk:
    """A folder that cannot be written is logged and else ignored: pages are still served.

    What visitors ask is looked up in the last listing, at most a second old where the watch runs:
    whatever they ask, the folder is not read for it.
    """

    def __init__(self, folder: Path, *, max_files: int = MAX_FILES) -> None:
        self.folder = folder
        self._max_files = max_files
        self._listed: dict[str, list[_Name]] | None = None

    def holds(self, path: str) -> bool:
        """Whether a copy of `path` was there when the folder was last listed."""
        return _digest(path) in self._last_listed()

    def save(self, finished: Finished) -> None:
        """Keeps the copy unless a newer one, or a tombstone, is there."""
        name = _Name(finished.page_id.hex, finished.version, _digest(finished.path))
        try:
            with self._locked():
                if name.version <= self._buried(name.page):
                    return
                others = [
                    n for n in self._names() if (n.page, n.digest) == (name.page, name.digest)
                ]
                if any(other.version > name.version for other in others):
                    return
                self._write(name.text, msgspec.msgpack.encode(finished))
                self._unlink(other for other in others if other.version < name.version)
                self._prune()
        except OSError as error:
            log.warning("last good copy not kept: %s", error)

    def load(self, path: str) -> Finished | None:
        """The newest copy of `path` that is no longer buried."""
        found = self._last_listed().get(_digest(path), [])
        for name in sorted(found, key=lambda name: name.version, reverse=True):
            if name.version > self._buried(name.page) and (copy := self._read(name, path)):
                return copy
        return None

    def bury(self, page_id: UUID, version: int) -> None:
        """Removes every copy of the page up to `version`, for good."""
        page = page_id.hex
        try:
            with self._locked():
                if version > self._buried(page):
                    self._write(f"{page}.{_TOMBSTONE}", str(version).encode())
                self._unlink(n for n in self._names() if n.page == page and n.version <= version)
        except OSError as error:
            log.warning("copies of an unpublished page not removed: %s", error)

    def rewind(self, page_id: UUID) -> None:
        """Removes all that is known of the page."""
        self.bury(page_id, _NEWEST)
        (self.folder / f"{page_id.hex}.{_TOMBSTONE}").unlink(missing_ok=True)

    def forget_older(self, page_id: UUID, version: int) -> None:
        try:
            with self._locked():
                page = page_id.hex
                self._unlink(n for n in self._names() if n.page == page and n.version < version)
        except OSError as error:
            log.warning("outdated copies not removed: %s", error)

    def versions(self) -> dict[UUID, int]:
        """The oldest version kept of each page."""
        oldest: dict[UUID, int] = {}
        for name in self._names():
            page = UUID(name.page)
            oldest[page] = min(name.version, oldest.get(page, name.version))
        return oldest

    def save_default(self, subdomain: str | None) -> None:
        try:
            with self._locked():
                self._write(_DEFAULT, (subdomain or "").encode())
        except OSError as error:
            log.warning("the default page's name not kept: %s", error)

    def load_default(self) -> str | None:
        try:
            return (self.folder / _DEFAULT).read_text()
        except (OSError, ValueError):
            return None

    def _last_listed(self) -> dict[str, list[_Name]]:
        if self._listed is None:
            self._names()
        return self._listed or {}

    def _names(self) -> list[_Name]:
        try:
            entries = os.listdir(self.folder)  # noqa: PTH208
        except OSError:
            entries = []
        parts = (entry.split(".") for entry in entries)
        names = [_Name(p[0], int(p[1]), p[2]) for p in parts if len(p) == 3 and p[1].isdigit()]
        listed: dict[str, list[_Name]] = {}
        for name in names:
            listed.setdefault(name.digest, []).append(name)
        self._listed = listed
        return names

    def _buried(self, page: str) -> int:
        try:
            return int((self.folder / f"{page}.{_TOMBSTONE}").read_bytes())
        except (OSError, ValueError):
            return 0

    def _read(self, name: _Name, path: str) -> Finished | None:
        try:
            content = (self.folder / name.text).read_bytes()
            copy = msgspec.msgpack.decode(content, type=Finished)
        except (OSError, msgspec.MsgspecError):
            return None
        return copy if copy.path == path else None

    def _write(self, name: str, content: bytes) -> None:
        draft = self.folder / f".{name}.{os.getpid()}"
        draft.write_bytes(content)
        draft.replace(self.folder / name)

    def _unlink(self, names: Iterator[_Name]) -> None:
        for name in names:
            (self.folder / name.text).unlink(missing_ok=True)

    def _prune(self) -> None:
        names = self._names()
        if len(names) <= self._max_files:
            return
        names.sort(key=lambda name: (self.folder / name.text).stat().st_mtime)
        self._unlink(iter(names[: len(names) - self._max_files * 9 // 10]))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _digest(path: str) -> str:
    return hashlib.blake2b(path.encode(), digest_size=16).hexdigest()
