"""Request bodies: read whole, in the event loop, under a deadline and a size."""

import asyncio

from web.edge.types import HTTPProtocol, Scope

LIMIT_BYTES = 1_000_000
DEADLINE_S = 15.0
# All bodies under way together.
TOTAL_LIMIT_BYTES = 64_000_000


class RefusedBodyError(Exception):
    """The body is not taken: `status` and `reason` go to the client."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Bodies:
    """Reads bodies; many slow clients cost some memory each, never a thread."""

    def __init__(self, *, deadline_s: float = DEADLINE_S, limit_bytes: int = LIMIT_BYTES) -> None:
        self._deadline_s = deadline_s
        self._limit = limit_bytes
        self._held = 0

    async def read(self, scope: Scope, proto: HTTPProtocol) -> bytes:
        """Raises RefusedBodyError: 400, 408, 411, 413, 415 or 503.

        A body that was cut off must not pass for a whole one. The server does not say that a
        chunked body ended too early, so only JSON, which shows it, may come without a length.
        """
        headers = scope.headers
        if headers.get("content-encoding", "identity").strip().lower() not in {"", "identity"}:
            raise RefusedBodyError(415, "Compressed request bodies are not taken.")
        length = headers.get("content-length")
        if length is None and "transfer-encoding" not in headers:
            return b""
        if length is None and "json" not in headers.get("content-type", ""):
            raise RefusedBodyError(411, "Send the length of the request body.")
        if length is not None and int(length) > self._limit:
            raise RefusedBodyError(413, "The request body is too large.")
        try:
            async with asyncio.timeout(self._deadline_s):
                body = await self._collect(proto)
        except TimeoutError:
            raise RefusedBodyError(408, "The request body took too long.") from None
        if length is not None and len(body) != int(length):
            raise RefusedBodyError(400, "The request body ended too early.")
        return body

    async def _collect(self, proto: HTTPProtocol) -> bytes:
        parts = bytearray()
        try:
            async for chunk in proto:
                parts += chunk
                self._held += len(chunk)
                if len(parts) > self._limit:
                    raise RefusedBodyError(413, "The request body is too large.")
                if self._held > TOTAL_LIMIT_BYTES:
                    raise RefusedBodyError(503, "Too many request bodies at once.")
        finally:
            self._held -= len(parts)
        return bytes(parts)
