"""`python -m statuspage.serve`: everything, until Ctrl-C. See script/server."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

from statuspage.embedded.process import EngineError
from statuspage.serve.children import Child, beat, demo_target, web, workers
from statuspage.serve.engines import Engines
from statuspage.serve.lock import AlreadyRunningError, lock
from statuspage.serve.options import BASE_DIR, LOOPBACK, OptionError, Options, read_options
from statuspage.serve.ports import is_free
from statuspage.serve.supervisor import Supervisor
from statuspage.serve.words import welcome

FIRST_ANSWER_S = 60
LOOK_EVERY_S = 0.3


class StartError(RuntimeError):
    """The product cannot start; the message is all the operator needs."""


def main() -> int:
    stop = threading.Event()
    try:
        options = read_options()
        _keep_private(options.data_dir)
        lock(options.data_dir)
        _end_on_signals(stop)
        run(options, stop)
    except (AlreadyRunningError, EngineError, OptionError, StartError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _keep_private(data_dir: Path) -> None:
    """Makes `data_dir` where it is missing; mails, logs and copies are nobody else's to read."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if data_dir.stat().st_uid == os.geteuid():
        data_dir.chmod(0o700)
    os.umask(0o077)


def run(options: Options, stop: threading.Event) -> None:
    """Starts all, watches until `stop` is set, ends all."""
    environment = os.environ | {"DATA_DIR": str(options.data_dir)}
    if options.demo:
        environment.setdefault("MONITOR_ALLOWED_NETWORKS", LOOPBACK)
    if not is_free(options.host, options.port):
        raise StartError(f"PORT={options.port} is taken by another program: set another PORT.")
    logs = options.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    engines = Engines(options, say=_say)
    supervisor = Supervisor(logs=logs, environment=environment, cwd=BASE_DIR, say=_say)
    _say("Starting ...")
    try:
        environment |= engines.start()
        said = _prepare(environment, demo=options.demo)
        supervisor.start(_looked_at(options))
        _await_first_answer(options, supervisor, stop)
        if not stop.is_set():
            # Checks come after what they check: a start is no outage.
            supervisor.start([*workers(mail_queue=options.mail_queue), beat()])
            _say(welcome(said, data_dir=options.data_dir))
        while not stop.wait(LOOK_EVERY_S):
            engines.look_after()
            supervisor.look_after()
        _say("Ending ...")
    finally:
        supervisor.stop()
        engines.stop()


def _looked_at(options: Options) -> list[Child]:
    return [web(), demo_target()] if options.demo else [web()]


def _prepare(environment: dict[str, str], *, demo: bool) -> dict[str, str]:
    """Tables, static files, owner and demo, in a process of its own: this one stays small."""
    command = [sys.executable, "manage.py", "prepare", *(["--demo"] if demo else [])]
    done = subprocess.run(
        command, env=environment, cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StartError(done.stderr.strip())
    said: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return said


def _await_first_answer(options: Options, supervisor: Supervisor, stop: threading.Event) -> None:
    deadline = time.monotonic() + FIRST_ANSWER_S
    while not stop.wait(0.1):
        if _answers(options):
            return
        if time.monotonic() > deadline:
            raise StartError(f"web does not answer, see {supervisor.logs}/web.log")
        supervisor.look_after()


def _answers(options: Options) -> bool:
    # Connecting to "any address" means this machine.
    with suppress(OSError), socket.create_connection((options.host, options.port), 2) as web:
        web.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return web.recv(5) == b"HTTP/"
    return False


def _end_on_signals(stop: threading.Event) -> None:
    """Ctrl-C, a closed terminal or SIGTERM ends all in order."""

    def end(signum: int, frame: FrameType | None) -> None:
        stop.set()

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, end)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
