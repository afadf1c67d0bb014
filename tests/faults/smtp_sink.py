"""An SMTP server that misbehaves by recipient domain, in a process of its own.

`python -m tests.faults.smtp_sink FOLDER` prints its port. It appends one JSON line per
accepted mail to FOLDER/mails.jsonl (written before the 250, as a real server would), and
reads FOLDER/mode before each connection: `421` refuses it, `535` refuses sign-ins,
`sender` refuses MAIL, `norcpt` refuses every recipient, `limit` hangs up after 20 mails.
"""

import argparse
import asyncio
import json
import signal
import time
from collections import Counter
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

AT_RCPT = {
    "gone.test": "550 5.1.1 no such mailbox",
    "closed.test": "550 mailbox closed",
    "route.test": "550 5.4.4 cannot route",
    "full.test": "552 5.2.2 mailbox full",
    "later.test": "421 4.3.2 try later",
}
LIMIT = 20


class Sink:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: Counter[str] = Counter()
        self.mails = (folder / "mails.jsonl").open("a", buffering=1)

    def mode(self) -> str:
        path = self.folder / "mode"
        return path.read_text().strip() if path.exists() else ""

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.mode() == "sender":
            return "550 5.7.1 sender refused"
        count = getattr(session, "count", 0)
        if self.mode() == "limit" and count >= LIMIT:
            server.transport.write(b"421 4.7.0 too many mails on this connection\r\n")
            server.transport.close()
            return "421 4.7.0 too many mails on this connection"
        session.count = count + 1  # type: ignore[attr-defined]
        envelope.mail_from = address
        return "250 ok"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        domain = address.rpartition("@")[2]
        self.seen[address] += 1
        if self.mode() == "norcpt":
            return "550 5.1.1 we know nobody"
        if domain == "grey.test" and self.seen[address] <= 2:
            return "451 4.7.1 greylisted"
        if domain == "slow.test":
            await asyncio.sleep(1)
        if domain in AT_RCPT:
            return AT_RCPT[domain]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        address = envelope.rcpt_tos[0]
        domain = address.rpartition("@")[2]
        if domain == "content.test":
            return "554 5.7.1 content refused"
        if domain == "dropbefore.test" and self.seen[address] == 1:
            server.transport.abort()
            return "451 dropped"
        self._keep(address, bytes(envelope.content or b""))
        if domain == "dropafter.test" and self.seen[address] == 1:
            server.transport.abort()
        return "250 2.0.0 kept"

    def _keep(self, address: str, content: bytes) -> None:
        mail = message_from_bytes(content)
        line = {"to": address, "id": mail["Message-ID"], "subject": mail["Subject"]}
        line["at"] = time.time()
        self.mails.write(json.dumps(line) + "\n")


class Server(SMTP):
    """Greets as the sink's mode says."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.event_handler.mode() == "421":
            transport.write(b"421 4.3.2 not now\r\n")  # type: ignore[attr-defined]
            transport.close()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.session is not None:
            super().connection_lost(error)


async def serve(folder: Path) -> None:
    sink = Sink(folder)

    def authenticate(*args: Any) -> AuthResult:
        return AuthResult(success=sink.mode() != "535", handled=False)

    def protocol() -> Server:
        return Server(
            sink,
            hostname="sink.test",
            authenticator=authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
        )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0)
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await stop.wait()
    server.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    asyncio.run(serve(parser.parse_args().folder))
