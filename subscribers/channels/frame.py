"""A mail that is rendered and serialised once and then filled per recipient.

The recipient's tokens are 64 ASCII characters. In the quoted-printable body each stands
alone on its encoded line (between soft line breaks, RFC 2045 section 6.7), so that a
recipient's mail is a replacement of bytes: no template, no MIME library, no encoder per recipient.
"""

import binascii
import re
import secrets
import unicodedata
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime, parseaddr, quote

from django.utils.timezone import now

from subscribers import tokens

UNSUBSCRIBE = secrets.token_hex(tokens.LENGTH // 2)
SECRET = secrets.token_hex(tokens.LENGTH // 2)

_HOLES = (UNSUBSCRIBE, SECRET)
_SOFT_BREAK = b"=\r\n"
_UNFIT = {"Cc", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything but what is the recipient's own; `body` has holes for the tokens."""

    sender: str
    head: bytes
    body: bytes

    def fill(self, own_head: str, *, unsubscribe_token: str, secret: str) -> bytes:
        """The whole mail. `own_head` are the recipient's header lines, each ended by CRLF."""
        body = self.body.replace(UNSUBSCRIBE.encode(), unsubscribe_token.encode())
        body = body.replace(SECRET.encode(), secret.encode())
        return b"".join((own_head.encode("ascii"), self.head, body))


def compose(*, sender: str, sender_name: str, subject: str, text: str, html: str) -> Frame:
    """Raises ValueError when the subject or a name cannot be a header."""
    address = parseaddr(sender)[1]
    boundary = f"=_{secrets.token_hex(16)}"
    head = (
        f"From: {_phrase(sender_name)} <{address}>\r\n"
        f"Subject: {_unstructured(subject)}\r\n"
        f"Date: {format_datetime(now())}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "X-Auto-Response-Suppress: All\r\n"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'
    )
    parts = [_part("plain", text, boundary), _part("html", html, boundary)]
    return Frame(
        sender=address,
        head=head.encode("ascii"),
        body=b"".join([*parts, f"--{boundary}--\r\n".encode()]),
    )


def _unstructured(text: str) -> str:
    """The text as RFC 2047 writes it. Whatever looks encoded already is encoded once more.

    Raises ValueError for what no header can hold: controls, surrogates, line separators.
    """
    if any(unicodedata.category(character) in _UNFIT for character in text):
        raise ValueError("a header cannot hold control characters")
    plain = text.isascii() and "=?" not in text
    return Header(text, "us-ascii" if plain else "utf-8").encode(linesep="\r\n")


def _phrase(name: str) -> str:
    """A display name: quoted where that does, encoded else (RFC 5322 section 3.2.5)."""
    encoded = _unstructured(name)
    return f'"{quote(name)}"' if encoded == name else encoded


def _part(subtype: str, text: str, boundary: str) -> bytes:
    head = (
        f"--{boundary}\r\n"
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    )
    return head.encode() + _encode(text) + b"\r\n"


def _encode(text: str) -> bytes:
    return b"".join(
        _SOFT_BREAK + piece.encode() + _SOFT_BREAK if piece in _HOLES else _quote(piece)
        for piece in re.split(f"({'|'.join(_HOLES)})", text)
    )


def _quote(text: str) -> bytes:
    lines = binascii.b2a_qp(text.encode()).replace(b"\r\n", b"\n")
    return lines.replace(b"\n", b"\r\n")
