"""The web server, set up: what stands in front of `web.edge.server:application`."""

import resource
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.common import AbstractServer

from web.edge.loop import NAME

# Also ends connections that stay idle between requests.
HEADER_READ_TIMEOUT_MS = 10_000
MAX_CONNECTIONS = 8192


def granian(*, address: str, port: int, workers: int) -> AbstractServer[Any]:
    """`workers` processes, each with its own copies. Call `.serve()`; it ends on SIGTERM."""
    return Granian(
        "web.edge.server:application",
        address=address,
        port=port,
        workers=workers,
        interface=Interfaces.RSGI,
        loop=NAME,  # type: ignore[arg-type]  # the registry of loops is open, its enum is not
        http=HTTPModes.http1,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_READ_TIMEOUT_MS),
        backlog=2048,
        backpressure=_connections(),
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
    )


def _connections() -> int:
    """How many a process may have open at once, as far as the limit on open files goes.

    More have to wait, idle and slow ones count too: so it has to be many.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return min(MAX_CONNECTIONS, max(256, hard - 256))
