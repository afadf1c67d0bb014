"""Tokens in links: 32 random bytes, written as 64 hexadecimal characters."""

import hashlib
import re
import secrets

LENGTH = 64
_FORM = re.compile(rf"[0-9a-f]{{{LENGTH}}}")


def new() -> str:
    return secrets.token_hex(LENGTH // 2)


def digest(token: str) -> bytes | None:
    """What is stored of a token and looked up: its SHA-256; None when it cannot be one."""
    if not _FORM.fullmatch(token):
        return None
    return hashlib.sha256(token.encode()).digest()
