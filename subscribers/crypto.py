"""Addresses and secrets at rest: AES-256-GCM, and a blind index to find them again.

A sealed value is one byte of key id, 12 bytes of nonce, then ciphertext and tag. It is
bound to its table and row, so that no value can be moved to another row.
"""

import hmac
import secrets
import unicodedata
from functools import cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


class UnreadableError(ValueError):
    """A sealed value of another row, or under a key that is gone."""


def current_key() -> int:
    """The id of the key that seals: the highest one."""
    return max(settings.ENCRYPTION_KEYS)


def seal(text: str, *, table: str, row: UUID) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    key_id = current_key()
    sealed = _cipher(settings.ENCRYPTION_KEYS[key_id]).encrypt(
        nonce, text.encode(), _bound_to(table, row)
    )
    return bytes([key_id]) + nonce + sealed


def unseal(sealed: bytes | memoryview, *, table: str, row: UUID) -> str:
    """Raises UnreadableError."""
    value = bytes(sealed)
    key = settings.ENCRYPTION_KEYS.get(value[0]) if value else None
    if key is None:
        raise UnreadableError("no key of this id")
    nonce, ciphertext = value[1 : 1 + NONCE_BYTES], value[1 + NONCE_BYTES :]
    try:
        return _cipher(key).decrypt(nonce, ciphertext, _bound_to(table, row)).decode()
    except (InvalidTag, ValueError) as error:
        raise UnreadableError("not sealed for this row") from error


def blind_index(address: str) -> bytes:
    """The same 32 bytes for every spelling of `address` (NFKC, case folded)."""
    normal = unicodedata.normalize("NFKC", address).casefold()
    return hmac.digest(settings.INDEX_KEY, normal.encode(), "sha256")


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def _bound_to(table: str, row: UUID) -> bytes:
    return f"{table}:{row}".encode()
