"""Mail by SMTP over a kept connection, and what each answer of a server means.

The phase of a refusal decides whose fault it is (RFC 5321, RFC 3463): before RCPT and
after DATA it is ours, at RCPT the recipient's.
"""

import re
import smtplib
import ssl
from dataclasses import dataclass
from typing import Any, NoReturn

import environ
from django.core.exceptions import ImproperlyConfigured

from subscribers.channels.base import Blame, DeliveryError
from subscribers.models import Delivery

# All waits of one mail together stay within a lease.
TIMEOUT_S = 10
ACCEPT_TIMEOUT_S = 20
UNCERTAIN = "uncertain: the connection broke after the mail was handed over"

_DOT_AT_LINE_START = re.compile(rb"(?m)^\.")
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class _GoneError(Exception):
    """The server hung up before the mail was handed over; `blame` if it does so again."""

    def __init__(self, answer: str, blame: Blame) -> None:
        super().__init__(answer)
        self.blame = blame


@dataclass(frozen=True, slots=True)
class Server:
    host: str
    port: int
    user: str = ""
    password: str = ""
    starttls: bool = False
    implicit_tls: bool = False

    @classmethod
    def from_url(cls, url: str) -> "Server":
        """Reads smtp://, smtp+tls:// (STARTTLS) or smtp+ssl:// with user:password@host:port.

        Raises ImproperlyConfigured.
        """
        config: dict[str, Any] = environ.Env.email_url_config(url)
        if not url.startswith("smtp") or not config.get("EMAIL_HOST"):
            raise ImproperlyConfigured("EMAIL_URL must be smtp://, smtp+tls:// or smtp+ssl://")
        starttls = bool(config.get("EMAIL_USE_TLS"))
        implicit_tls = bool(config.get("EMAIL_USE_SSL"))
        return cls(
            host=config["EMAIL_HOST"],
            port=int(config["EMAIL_PORT"] or _port(starttls=starttls, implicit_tls=implicit_tls)),
            user=config["EMAIL_HOST_USER"] or "",
            password=config["EMAIL_HOST_PASSWORD"] or "",
            starttls=starttls,
            implicit_tls=implicit_tls,
        )


class SmtpTransport:
    def __init__(self, server: Server, *, hostname: str) -> None:
        self._server = server
        self._hostname = hostname
        self._session: smtplib.SMTP | None = None

    def deliver(self, *, sender: str, recipient: str, data: bytes) -> str:
        """Raises DeliveryError."""
        try:
            return self._deliver(sender, recipient, data)
        except _GoneError as gone:
            raise DeliveryError(str(gone), permanent=False, blame=gone.blame) from gone

    def close(self) -> None:
        session, self._session = self._session, None
        if session:
            try:
                session.quit()
            except (OSError, smtplib.SMTPException):
                session.close()

    def _deliver(self, sender: str, recipient: str, data: bytes) -> str:
        session = self._open_mail(sender)
        code, answer = self._say(session, "RCPT", f"TO:<{recipient}>")
        if code not in {250, 251}:
            self._reset(session)
            raise refused_recipient(code, answer)
        code, answer = self._say(session, "DATA")
        if code != 354:
            self._refuse(code, answer, blame=Blame.PAGE)
        code, answer = self._hand_over(session, data)
        if code != 250:
            self._refuse(code, answer, blame=Blame.PAGE)
        return answer

    def _open_mail(self, sender: str) -> smtplib.SMTP:
        """Servers close kept connections at will; that shows here, and costs nothing."""
        command = ("MAIL", f"FROM:<{sender}>")
        kept = self._session is not None
        try:
            session = self._connected()
            code, answer = self._say(session, *command, blame=Blame.CHANNEL)
        except _GoneError:
            if not kept:
                raise
            session = self._connected()
            code, answer = self._say(session, *command, blame=Blame.CHANNEL)
        if code != 250:
            self._refuse(code, answer, blame=Blame.CHANNEL)
        return session

    def _connected(self) -> smtplib.SMTP:
        if self._session is None:
            try:
                self._session = self._connect()
            except (OSError, smtplib.SMTPException) as error:
                raise DeliveryError(
                    _words(error), permanent=_is_permanent(error), blame=Blame.CHANNEL
                ) from error
        return self._session

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        session: smtplib.SMTP
        if server.implicit_tls:
            session = smtplib.SMTP_SSL(
                server.host, server.port, self._hostname, timeout=TIMEOUT_S, context=context
            )
        else:
            session = smtplib.SMTP(server.host, server.port, self._hostname, timeout=TIMEOUT_S)
        try:
            if server.starttls:
                session.starttls(context=context)
            session.ehlo_or_helo_if_needed()
            if server.user:
                session.login(server.user, server.password)
        except BaseException:
            session.close()
            raise
        return session

    def _say(
        self, session: smtplib.SMTP, *command: str, blame: Blame = Blame.RECIPIENT
    ) -> tuple[int, str]:
        try:
            code, answer = session.docmd(*command)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise _GoneError(_words(error), blame) from error
        if code == 421:
            self._drop()
            raise _GoneError(_answer(code, answer), blame)
        return code, _answer(code, answer)

    def _hand_over(self, session: smtplib.SMTP, data: bytes) -> tuple[int, str]:
        try:
            session.send(_DOT_AT_LINE_START.sub(b"..", data) + b".\r\n")
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise DeliveryError(_words(error), permanent=False) from error
        sock = session.sock
        try:
            if sock:
                sock.settimeout(ACCEPT_TIMEOUT_S)
            code, answer = session.getreply()
            if sock:
                sock.settimeout(TIMEOUT_S)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise DeliveryError(UNCERTAIN, permanent=False, once=True) from error
        return code, _answer(code, answer)

    def _refuse(self, code: int, answer: str, *, blame: Blame) -> NoReturn:
        """5xx is the fault of `blame`; 4xx passes, and only this delivery waits."""
        self._drop()
        if code >= 500:
            raise DeliveryError(answer, permanent=False, blame=blame, tries=3)
        raise DeliveryError(answer, permanent=False)

    def _reset(self, session: smtplib.SMTP) -> None:
        try:
            session.docmd("RSET")
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session:
            session.close()


def refused_recipient(code: int, answer: str) -> DeliveryError:
    """What a refusal at RCPT means: greylisting passes, a full mailbox may, the rest stays.

    Only 5.1.x says that there is no such address; routing (x.4.x) is nobody's fault.
    """
    enhanced = _ENHANCED.search(answer)
    status = enhanced.group() if enhanced else ""
    if code < 500 or status.startswith("5.4."):
        return DeliveryError(answer, permanent=False)
    if code == 552:
        return DeliveryError(answer, permanent=False, tries=3)
    kind = Delivery.Refusal.ADDRESS if status.startswith("5.1.") else Delivery.Refusal.RECIPIENT
    return DeliveryError(answer, permanent=True, refusal=kind)


def _port(*, starttls: bool, implicit_tls: bool) -> int:
    if implicit_tls:
        return 465
    return 587 if starttls else 25


def _is_permanent(error: Exception) -> bool:
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500


def _answer(code: int, text: bytes) -> str:
    return f"{code} {text.decode('utf-8', 'replace')}"[:500]


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return _answer(error.smtp_code, text if isinstance(text, bytes) else text.encode())
    return (str(error) or type(error).__name__)[:500]
