"""Requests as granian gives them, for tests without a server."""

from dataclasses import dataclass, field


class Headers(list[tuple[str, str]]):
    def items(self) -> list[tuple[str, str]]:
        return list(self)

    def keys(self) -> list[str]:
        return [name for name, _ in self]

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self if key == name), default)


@dataclass
class Request:
    """The attributes of granian's scope."""

    headers: Headers = field(default_factory=Headers)
    method: str = "POST"
    path: str = "/status/café"
    query_string: str = "a=%00"
    client: str = "10.0.0.9:4321"
    server: str = "127.0.0.1:8000"
    scheme: str = "http"
    http_version: str = "1.1"
