"""`python -m statuspage.serve` as an operator starts it, on a DATA_DIR and a port of its own."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

from statuspage.serve.ports import free_port
from tests.processes import wait_until

START_TIMEOUT_S = 60
INHERITED = {"DATABASE_URL", "REDIS_URL", "STATUS_PAGE_DOMAIN", "PYTHONWARNINGS"}


class Server:
    """The whole product; its output is in `said`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.data_dir = folder / "data"
        self.said = folder / "said.txt"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            name: value for name, value in os.environ.items() if name not in INHERITED
        }
        self.environment |= {"DATA_DIR": str(self.data_dir), "PORT": str(self.port)}
        self.environment |= environment
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it says that it runs."""
        before = self.said.read_text().count("is running") if self.said.exists() else 0
        with self.said.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "statuspage.serve"],
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

        def runs() -> bool:
            assert self.process is not None
            assert self.process.poll() is None, self.said.read_text()
            return self.said.read_text().count("is running") > before

        wait_until(runs, within=START_TIMEOUT_S, what=f"the start, see {self.said}")

    def stop(self, signum: signal.Signals = signal.SIGTERM) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(signum)
        return self.process.wait(timeout=40)

    def manage(self, *arguments: str) -> str:
        """What `manage.py` says, run beside the server."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def pids(self, word: str = "") -> list[int]:
        """The processes of this DATA_DIR whose command line holds `word`."""
        mark = str(self.data_dir).encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                ours = mark in command or mark in (entry / "environ").read_bytes()
            except OSError:
                continue
            if ours and word.encode() in command and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found

    def health(self) -> tuple[int, dict[str, Any]]:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)
