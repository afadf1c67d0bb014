"""Stopping a server without ending it: connections stay open and nothing answers."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis


@contextmanager
def hanging(redis: "Redis[bytes]") -> Iterator[None]:
    """Valkey neither answers nor refuses within the block."""
    pid = redis.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)
