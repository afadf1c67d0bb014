"""The product's own processes, run for real against the suite's database and Valkey."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from statuspage.serve.children import Child, beat, web, workers
from statuspage.serve.ports import free_port

START_TIMEOUT_S = 30
Found = TypeVar("Found")


def wait_until(look: Callable[[], Found], *, within: float, what: str) -> Found:
    """The first true answer of `look`; fails after `within` seconds naming `what`."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"not within {within} s: {what}"
        time.sleep(0.05)
    return found


def answers(url: str) -> bool:
    """Whether anything speaks HTTP at `url`."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


class Processes:
    """Starts `web`, `checks`, `mail`, `default` and `beat`; `environment` may be changed first."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.environment = os.environ | {
            "DATABASE_URL": _url_of_test_database(),
            "PORT": str(self.port),
            "STATUS_PAGE_DOMAIN": f"localhost:{self.port}",
            "PYTHONWARNINGS": "",
        }

    def start(self, name: str, **environment: str) -> subprocess.Popen[bytes]:
        child = self._children()[name]
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                child.command,
                env=self.environment | dict(child.environment) | environment,
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        if name == "web":
            wait_until(
                lambda: answers(self.url), within=START_TIMEOUT_S, what=f"web, see {self.log(name)}"
            )
        return process

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a GET on the web process."""
        try:
            with urllib.request.urlopen(f"{self.url}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def stop(self) -> None:
        """Ends all of them at once; nothing of the product may depend on a gentle end."""
        for process in self.running:
            process.kill()
        for process in self.running:
            process.wait()
        self.running.clear()

    def _children(self) -> dict[str, Child]:
        mail_queue = settings.SUBSCRIBER_EMAIL_QUEUE_NAME
        known = (web(), *workers(mail_queue=mail_queue), beat())
        return {child.name: child for child in known}


def _url_of_test_database() -> str:
    database = connection.settings_dict
    return f"postgresql://{database['USER']}@{quote(database['HOST'], safe='')}/{database['NAME']}"


@pytest.fixture(scope="session")
def static_files() -> None:
    """What browsers are given by a real web process."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)


@pytest.fixture
def processes(transactional_db: None, static_files: None, tmp_path: Path) -> Iterator[Processes]:
    """The product's processes on the test database, ended before it is emptied."""
    started = Processes(tmp_path)
    yield started
    started.stop()
