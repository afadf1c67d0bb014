"""Handing a request on to Django: the body is there before a thread is taken."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from wsgiref.types import WSGIApplication

from web.edge import notices
from web.edge.answer import Headers
from web.edge.body import Bodies, RefusedBodyError
from web.edge.environ import environ_of
from web.edge.notices import Notice
from web.edge.paths import is_api
from web.edge.types import HTTPProtocol, Scope

THREADS = 4
# Requests that have a thread or wait for one; more are turned away at once.
LIMIT_REQUESTS = 100
DEADLINE_S = 30.0
_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
_WITHOUT_BODY = {204, 304}


@dataclass(frozen=True, slots=True)
class Door:
    """`changed` is called, in Django's thread, after a request that may have changed something."""

    application: WSGIApplication
    changed: Callable[[], None]
    proxies: int

    def run(self, environ: dict[str, Any], *, anonymous: bool) -> Notice:
        started: dict[str, Any] = {}

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> Any:
            started.update(status=int(status[:3]), headers=headers)

        chunks = self.application(environ, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, headers = started["status"], started["headers"]
        if environ["REQUEST_METHOD"] not in _SAFE and status < 500:
            self.changed()
        if anonymous:
            headers = [line for line in headers if line[0].lower() != "set-cookie"]
        return Notice(status, headers, body)


class DjangoDoor:
    def __init__(self, door: Door, *, threads: int = THREADS) -> None:
        self._door = door
        self._bodies = Bodies()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="django")
        self._under_way = 0

    async def answer(self, scope: Scope, proto: HTTPProtocol, *, anonymous: bool) -> Notice:
        """The whole answer; a request that cannot be served in time is told so."""
        as_json = is_api(scope.path)
        try:
            body = await self._bodies.read(scope, proto)
        except RefusedBodyError as error:
            return notices.refused(error.status, error.reason, as_json=as_json)
        if self._under_way >= LIMIT_REQUESTS:
            return notices.unavailable(as_json=as_json)
        environ = environ_of(scope, body, proxies=self._door.proxies, anonymous=anonymous)
        self._under_way += 1
        work = self._pool.submit(self._door.run, environ, anonymous=anonymous)
        waiting = asyncio.wrap_future(work)
        waiting.add_done_callback(self._done)
        done, _ = await asyncio.wait([waiting], timeout=DEADLINE_S)
        return waiting.result() if done else notices.unavailable(as_json=as_json)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _done(self, work: asyncio.Future[Notice]) -> None:
        self._under_way -= 1
        if not work.cancelled():
            work.exception()


def send(notice: Notice, scope: Scope, proto: HTTPProtocol) -> None:
    if notice.status in _WITHOUT_BODY:
        proto.response_empty(notice.status, notice.headers)
    elif scope.method == "HEAD":
        named = {name.lower() for name, _ in notice.headers}
        length = [] if "content-length" in named else [("content-length", str(len(notice.body)))]
        proto.response_empty(notice.status, [*notice.headers, *length])
    else:
        proto.response_bytes(notice.status, notice.headers, notice.body)
