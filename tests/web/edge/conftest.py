"""Real web processes, each on a port of its own, with proxies before the engines."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from pages.models import Page
from statuspage.serve.children import web
from statuspage.serve.ports import free_port
from tests.faults.tcp_proxy import Mode, TcpProxy
from tests.processes import answers, wait_until


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def stale(self) -> bool:
        return self.headers.get("x-status-stale") == "1"


@dataclass
class Web:
    """A running web process and what it wrote."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    data_dir: Path

    def ask(self, path: str, *, method: str = "GET", timeout: float = 10, **headers: str) -> Reply:
        """`if_none_match="x"` is sent as If-None-Match. Raises OSError after `timeout` seconds."""
        return self._send(method, path, headers, None, timeout)

    def post(self, path: str, body: object, **headers: str) -> Reply:
        """Posts `body` as JSON."""
        content = json.dumps(body).encode()
        lines = {"content_type": "application/json", "content_length": str(len(content))}
        return self._send("POST", path, lines | headers, content, 10)

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None, timeout: float
    ) -> Reply:
        client = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            client.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in ({"Host": f"localhost:{self.port}"} | headers).items():
                client.putheader(name.replace("_", "-"), value)
            client.endheaders(body)
            response = client.getresponse()
            lines = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, lines, response.read())
        finally:
            client.close()

    def raw(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as client:
            client.sendall(request)
            return client.recv(65536)

    def builds(self, path: str) -> int:
        return self.log.read_text().count(f"built {path} ")


@dataclass
class Webs:
    folder: Path
    environment: dict[str, str]
    running: list[Web] = field(default_factory=list)

    def start(self, **environment: str) -> Web:
        started = self._spawn(environment)
        self._await(started)
        return started

    def _await(self, started: Web) -> None:
        url = f"http://localhost:{started.port}/livez"
        wait_until(lambda: answers(url), within=30, what=f"web, see {started.log}")

    def _spawn(self, environment: dict[str, str]) -> Web:
        port = free_port()
        child = web()
        log = self.folder / f"web-{port}.log"
        variables = self.environment | dict(child.environment) | environment
        with log.open("ab") as output:
            process = subprocess.Popen(
                child.command,
                env=variables | {"PORT": str(port), "STATUS_PAGE_DOMAIN": f"localhost:{port}"},
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        started = Web(port, process, log, Path(variables["DATA_DIR"]))
        self.running.append(started)
        return started

    def share_static_files(self) -> None:
        """DATA_DIR is the test's own, what was collected is everybody's."""
        data_dir = Path(self.environment["DATA_DIR"])
        data_dir.mkdir()
        (data_dir / "static").symlink_to(settings.STATIC_ROOT)

    def stop(self, *, but: int = 0) -> None:
        """Ends the processes, except the `but` started first."""
        ended = self.running[but:]
        for one in ended:
            one.process.terminate()
        for one in ended:
            try:
                one.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                one.process.kill()
                one.process.wait()
        del self.running[but:]


@pytest.fixture(scope="module")
def _database_proxy(django_db_setup: None) -> Iterator[TcpProxy]:
    folder = Path(connection.settings_dict["HOST"])
    with TcpProxy(folder / ".s.PGSQL.5432") as proxy:
        yield proxy


@pytest.fixture(scope="module")
def _redis_proxy() -> Iterator[TcpProxy]:
    parts = urlsplit(settings.REDIS_URL)
    upstream = Path(parts.path) if parts.scheme == "unix" else (parts.hostname, parts.port)
    with TcpProxy(upstream) as proxy:
        yield proxy


def _environment() -> dict[str, str]:
    database = connection.settings_dict
    url = f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": url, "LOG_LEVEL": "DEBUG", "PYTHONWARNINGS": ""}


@pytest.fixture(scope="session")
def _standing(
    django_db_setup: None, static_files: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Web]:
    """One process for all tests that break nothing; each brings pages of its own names."""
    started = Webs(tmp_path_factory.mktemp("web"), _environment())
    yield started.start()
    started.stop()


@pytest.fixture
def standing_web(transactional_db: None, _standing: Web) -> Web:
    return _standing


@pytest.fixture
def webs(transactional_db: None, static_files: None, tmp_path: Path) -> Iterator[Webs]:
    """Starts web processes of the test's own, on the suite's engines."""
    started = Webs(tmp_path, _environment() | {"DATA_DIR": str(tmp_path / "data")})
    started.share_static_files()
    yield started
    started.stop()


@pytest.fixture(scope="module")
def _proxied(
    _database_proxy: TcpProxy,
    _redis_proxy: TcpProxy,
    static_files: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Webs]:
    database = connection.settings_dict
    address = f"127.0.0.1:{_database_proxy.port}"
    folder = tmp_path_factory.mktemp("proxied")
    variables = {
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": f"postgresql://{database['USER']}@{address}/{database['NAME']}",
        "REDIS_URL": f"redis://127.0.0.1:{_redis_proxy.port}/0",
    }
    started = Webs(folder, _environment() | variables)
    started.share_static_files()
    started.start()
    yield started
    started.stop()


@pytest.fixture
def proxied(
    transactional_db: None, _proxied: Webs, _database_proxy: TcpProxy, _redis_proxy: TcpProxy
) -> Iterator[Webs]:
    """Web processes that reach PostgreSQL and Redis only through the proxies, which pass again
    before and after each test. One runs for the whole module.
    """
    whole = _proxied.running[0]
    wait_until(lambda: whole.ask("/status/nobody").status == 404, within=15, what="PostgreSQL")
    yield _proxied
    for proxy in (_database_proxy, _redis_proxy):
        proxy.switch(Mode.PASS)
    _proxied.stop(but=1)


@pytest.fixture
def proxied_web(proxied: Webs) -> Web:
    """The process of `proxied` that runs for the whole module."""
    return proxied.running[0]


@pytest.fixture
def database_proxy(proxied: Webs, _database_proxy: TcpProxy) -> TcpProxy:
    return _database_proxy


@pytest.fixture
def redis_proxy(proxied: Webs, _redis_proxy: TcpProxy) -> TcpProxy:
    return _redis_proxy


def shows_at_root(web: Web, page: Page) -> bool:
    """Whether the edge answers with `page` at the root: by its tag, Django's is another."""
    return web.ask("/").headers.get("etag") == web.ask(f"/status/{page.subdomain}").headers["etag"]


def in_parallel(count: int, ask: Callable[[], Reply]) -> list[Reply]:
    """The replies of `count` clients that ask at once."""
    with ThreadPoolExecutor(count) as pool:
        return [work.result() for work in [pool.submit(ask) for _ in range(count)]]


@contextmanager
def frozen(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """The process hangs (SIGSTOP) meanwhile."""
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
