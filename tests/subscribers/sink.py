"""The misbehaving SMTP server as a fixture."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pytest_django import Settings


class SinkProcess:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.smtp_sink", str(folder)],
            cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE,
        )
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def misbehave(self, mode: str) -> None:
        (self.folder / "mode").write_text(mode)

    def mails(self) -> list[dict[str, Any]]:
        text = (self.folder / "mails.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def count(self) -> int:
        return len(self.mails())

    def by_recipient(self) -> Counter[str]:
        return Counter(mail["to"] for mail in self.mails())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[SinkProcess]:
    """A running sink to which the product's mail goes."""
    started = SinkProcess(tmp_path)
    settings.EMAIL_URL = started.url
    yield started
    started.stop()
