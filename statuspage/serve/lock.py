"""One `script/server` at a time on a DATA_DIR."""

import fcntl
import os
from pathlib import Path


class AlreadyRunningError(RuntimeError):
    """Another process holds the lock; `pid` is its number as it wrote it, or empty."""

    def __init__(self, data_dir: Path, pid: str) -> None:
        self.pid = pid
        whose = f" (process {pid})" if pid else ""
        super().__init__(f"Bellbuoy is already running on {data_dir}{whose}.")


def lock(data_dir: Path) -> int:
    """Takes the lock of `data_dir`; it is held until the returned descriptor is closed.

    The kernel gives it back when the process ends, however it ends. Children do not inherit it.
    """
    path = data_dir / "server.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunningError(data_dir, path.read_text().strip()) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())
    return descriptor
