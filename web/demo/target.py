"""The demo's own target: a tiny HTTP server that can be told to fail."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings

HOST = "127.0.0.1"


def switch(*, up: bool) -> None:
    """Takes effect with the next request."""
    mark = _folder() / "down"
    if up:
        mark.unlink(missing_ok=True)
    else:
        mark.touch()


def is_up() -> bool:
    return not (_folder() / "down").exists()


def port() -> int:
    """The port this target keeps; the first time the system chooses one."""
    try:
        return int(_port_file().read_text())
    except FileNotFoundError:
        server = ThreadingHTTPServer((HOST, 0), BaseHTTPRequestHandler)
        server.server_close()
        _port_file().write_text(str(server.server_port))
        return server.server_port


def listen() -> ThreadingHTTPServer:
    """A server on the kept port, or on another, which is then kept, if that one is taken."""
    try:
        return ThreadingHTTPServer((HOST, port()), _Answer)
    except OSError:
        server = ThreadingHTTPServer((HOST, 0), _Answer)
        _port_file().write_text(str(server.server_port))
        return server


class _Answer(BaseHTTPRequestHandler):
    server_version = "bellbuoy-demo"
    timeout = 5

    def do_GET(self) -> None:
        status, body = (200, b"up\n") if is_up() else (503, b"down\n")
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (given)
        """Checks come every few seconds; the log keeps to what is worth reading."""


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _port_file() -> Path:
    return _folder() / "port"
