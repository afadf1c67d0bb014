"""How a finished mail leaves: by SMTP, or as a file when no server is configured."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings

from subscribers.channels.base import Blame, DeliveryError
from subscribers.channels.smtp import Server, SmtpTransport


class Transport(Protocol):
    def deliver(self, *, sender: str, recipient: str, data: bytes) -> str:
        """Hands over one mail and returns the answer. Raises DeliveryError."""

    def close(self) -> None: ...


class FileTransport:
    """Writes .eml files whose names sort by time; a reader never sees half a file.

    They hold addresses and links that sign in: only this user may read them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, *, sender: str, recipient: str, data: bytes) -> str:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = self._folder / f"{stamp}-{os.getpid()}.eml"
        draft = path.with_suffix(".tmp")
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft.touch(mode=0o600)
            draft.write_bytes(data)
            draft.replace(path)
        except OSError as error:
            raise DeliveryError(repr(error), permanent=False, blame=Blame.CHANNEL) from error
        return f"file {path.name}"

    def close(self) -> None:
        """Nothing is kept open."""


def open_transport() -> Transport:
    """The transport that EMAIL_URL names; files under DATA_DIR/mail without one."""
    if settings.EMAIL_URL:
        return SmtpTransport(
            Server.from_url(settings.EMAIL_URL), hostname=settings.MAIN_HOST or "localhost"
        )
    return FileTransport(settings.DATA_DIR / "mail")
