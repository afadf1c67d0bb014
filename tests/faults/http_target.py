"""An HTTP target that misbehaves by path: a thread with its own event loop on a free port."""

import asyncio
import contextlib
import gzip
import socket
import ssl
import struct
import threading
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

GIGABYTE = 10**9
_CHUNK = b"x" * 65536


@dataclass
class HttpTarget:
    """`with HttpTarget() as target: target.url("hang")`; `asked` counts requests per path.

    `/status/<code>` answers that code; `/to/<...>` redirects to the rest of the path, which is
    a URL; every other path is a function of this module. `down()` refuses connections.
    """

    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | None = None
    asked: Counter[str] = field(default_factory=Counter)
    # The newest requests, as they came.
    heads: deque[bytes] = field(default_factory=lambda: deque(maxlen=100))
    sent_bytes: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.up()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, path: str = "ok") -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}/{path}"

    def up(self) -> None:
        """Listens, on the same port as before."""
        self._run(self._listen())

    def down(self) -> None:
        """Connections are refused from now on."""
        self._run(self._end())

    def _run(self, work: Awaitable[None]) -> None:
        async def awaited() -> None:
            await work

        asyncio.run_coroutine_threadsafe(awaited(), self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, ssl=self.tls, backlog=4096, limit=1024 * 1024
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _end(self) -> None:
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode().removeprefix("/")
            self.asked[path] += 1
            self.heads.append(head)
            await self._answer(path, Answer(self, writer))
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, path: str, answer: "Answer") -> None:
        kind, _, rest = path.partition("/")
        if kind == "status":
            await answer.send(f"HTTP/1.1 {rest} X\r\nContent-Length: 0\r\n\r\n".encode())
        elif kind == "to":
            await answer.redirect(rest)
        else:
            await BEHAVIOURS.get(kind, ok)(answer)


@dataclass
class Answer:
    target: HttpTarget
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        self.target.sent_bytes += len(data)

    async def redirect(self, url: str) -> None:
        head = f"HTTP/1.1 302 Found\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n"
        await self.send(head.encode())


async def ok(answer: Answer) -> None:
    await answer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")


async def hang(answer: Answer) -> None:
    await asyncio.sleep(3600)


async def drip(answer: Answer) -> None:
    """A complete head, then a byte of the body each 50 ms."""
    await answer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        await answer.send(b"x")
        await asyncio.sleep(0.05)


async def slow_headers(answer: Answer) -> None:
    await answer.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await answer.send(b"X-More: 1\r\n")
        await asyncio.sleep(0.05)


async def endless_chunks(answer: Answer) -> None:
    await answer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await answer.send(b"10000\r\n" + _CHUNK + b"\r\n")


async def tiny_chunks(answer: Answer) -> None:
    """Never ends and never reaches a body limit: a chunk of one byte each 50 ms."""
    await answer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        await answer.send(b"1\r\nx\r\n")
        await asyncio.sleep(0.05)


async def gigabyte(answer: Answer) -> None:
    await answer.send(f"HTTP/1.1 200 OK\r\nContent-Length: {GIGABYTE}\r\n\r\n".encode())
    for _ in range(GIGABYTE // len(_CHUNK)):
        await answer.send(_CHUNK)


async def gzip_bomb(answer: Answer) -> None:
    """50 MB of zeros in 50 kB, compressed without being asked for."""
    body = gzip.compress(bytes(50_000_000))
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    await answer.send(head.encode() + body)


async def huge_header(answer: Answer) -> None:
    await answer.send(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"x" * 1_000_000 + b"\r\n\r\n")


async def many_headers(answer: Answer) -> None:
    lines = b"".join(b"X-%d: 1\r\n" % number for number in range(20_000))
    await answer.send(b"HTTP/1.1 200 OK\r\n" + lines + b"Content-Length: 0\r\n\r\n")


async def continue_flood(answer: Answer) -> None:
    while True:
        await answer.send(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


async def lying_length(answer: Answer) -> None:
    await answer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nshort")


async def reset(answer: Answer) -> None:
    await answer.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    _reset_on_close(answer.writer)
    answer.writer.transport.abort()


async def close(answer: Answer) -> None:
    """Ends the connection without a byte."""


async def garbage(answer: Answer) -> None:
    await answer.send(bytes(range(256)) * 4)


async def http_09(answer: Answer) -> None:
    await answer.send(b"<html>no head at all</html>")


async def redirect_loop(answer: Answer) -> None:
    await answer.redirect("/redirect_loop")


async def redirect_to_metadata(answer: Answer) -> None:
    await answer.redirect("http://169.254.169.254/latest/meta-data/")


async def redirect_to_file(answer: Answer) -> None:
    await answer.redirect("file:///etc/passwd")


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


BEHAVIOURS: dict[str, Callable[[Answer], Awaitable[None]]] = {
    behaviour.__name__: behaviour
    for behaviour in (
        ok,
        hang,
        drip,
        slow_headers,
        endless_chunks,
        tiny_chunks,
        gigabyte,
        gzip_bomb,
        huge_header,
        many_headers,
        continue_flood,
        lying_length,
        reset,
        close,
        garbage,
        http_09,
        redirect_loop,
        redirect_to_metadata,
        redirect_to_file,
    )
}
