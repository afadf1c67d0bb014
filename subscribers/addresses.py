"""Which e-mail addresses are taken. Stricter than RFC 5321, so that every one can be sent to."""

import re

LOCAL_LIMIT = 64
LIMIT = 254

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


def parse_address(text: str) -> str:
    """The address to send to: the local part as typed, the domain in lower-case ASCII (IDNA).

    Raises ValueError with a sentence for the person. No quoted local parts, no IP literals,
    no comments, nothing beyond ASCII before the @: many servers refuse them, and none may
    ever reach a header unquoted.
    """
    local, at, domain = text.strip(" \t").rpartition("@")
    if not at or len(local) > LOCAL_LIMIT or not _LOCAL.fullmatch(local):
        raise ValueError("Enter an e-mail address, such as you@example.com.")
    address = f"{local}@{_parse_domain(domain)}"
    if len(address) > LIMIT:
        raise ValueError("This e-mail address is too long.")
    return address


def _parse_domain(text: str) -> str:
    wrong = ValueError("The part after the @ is not a domain, such as example.com.")
    if len(text) > LIMIT:
        raise wrong
    try:
        domain = text.encode("idna").decode().lower()
    except UnicodeError:
        raise wrong from None
    labels = domain.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or not all(map(_LABEL.fullmatch, labels)):
        raise wrong
    return domain
