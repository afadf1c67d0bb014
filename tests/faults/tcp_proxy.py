"""A proxy that breaks the way networks break: between the product and an engine or a target."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class Mode(Enum):
    """PASS hands on. REFUSE closes everything, the port too. HANG takes connections and bytes
    and hands nothing on; what it took goes on at the next PASS. RESET answers connections, old and
    new, with an RST. SLOW hands on each piece after `delay_s`.
    """

    PASS = "pass"
    REFUSE = "refuse"
    HANG = "hang"
    RESET = "reset"
    SLOW = "slow"


class TcpProxy:
    """Listens on 127.0.0.1:`port`; `upstream` is (host, port) or the path of a unix socket."""

    def __init__(self, upstream: tuple[str, int] | Path, *, delay_s: float = 0.5) -> None:
        self.upstream = upstream
        self.delay_s = delay_s
        self.mode = Mode.PASS
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._moving = asyncio.Event()
        self._clients: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._moving.set()
        self._run(self._listen())
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

    def switch(self, mode: Mode) -> None:
        """From now on; returns once it holds."""
        self._run(self._switch(mode))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=10)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _switch(self, mode: Mode) -> None:
        self.mode = mode
        if mode is Mode.HANG:
            self._moving.clear()
        else:
            self._moving.set()
        if mode in {Mode.REFUSE, Mode.RESET}:
            self._drop_clients(reset=mode is Mode.RESET)
        if mode is Mode.REFUSE:
            self._close_port()
        elif self._server is None:
            await self._listen()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            if self.mode is Mode.RESET:
                _drop(writer, reset=True)
                return
            await self._moving.wait()
            await self._connect(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._clients.discard(writer)
            self._tasks.discard(task)
            writer.close()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if isinstance(self.upstream, Path):
            there, back = await asyncio.open_unix_connection(str(self.upstream))
        else:
            there, back = await asyncio.open_connection(*self.upstream)
        pumps = [
            asyncio.ensure_future(self._pump(reader, back)),
            asyncio.ensure_future(self._pump(there, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
            back.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if self.mode is Mode.SLOW:
                await asyncio.sleep(self.delay_s)
            await self._moving.wait()
            writer.write(data)
            await writer.drain()

    async def _end(self) -> None:
        self._close_port()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _close_port(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _drop_clients(self, *, reset: bool) -> None:
        for writer in list(self._clients):
            _drop(writer, reset=reset)


def _drop(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    """A socket closed while lingering for zero seconds says RST instead of FIN."""
    if reset:
        taken = writer.get_extra_info("socket")
        with contextlib.suppress(OSError):
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
