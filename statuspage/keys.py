"""The three secrets: from the environment, else made once and kept in DATA_DIR/keys.json."""

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Keys:
    """`encryption_keys` maps a key id (one byte) to 32 bytes; the highest id encrypts."""

    secret_key: str
    encryption_keys: dict[int, bytes]
    index_key: bytes


def load_keys(data_dir: Path, env: environ.Env) -> Keys:
    """Reads SECRET_KEY, ENCRYPTION_KEYS (`1:<base64>,2:<base64>`) and INDEX_KEY (base64).

    Raises ImproperlyConfigured naming the variable that cannot be read.
    """
    names = ("SECRET_KEY", "ENCRYPTION_KEYS", "INDEX_KEY")
    kept: dict[str, str] = {}
    if not all(env(name, default="") for name in names):
        kept = _kept_keys(data_dir)
    values = {name: env(name, default="") or kept[name] for name in names}
    return Keys(
        secret_key=values["SECRET_KEY"],
        encryption_keys=_read_ring(values["ENCRYPTION_KEYS"]),
        index_key=_read_key("INDEX_KEY", values["INDEX_KEY"]),
    )


def _kept_keys(data_dir: Path) -> dict[str, str]:
    path = data_dir / "keys.json"
    data_dir.mkdir(parents=True, exist_ok=True)
    fresh = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ENCRYPTION_KEYS": f"1:{_new_key()}",
        "INDEX_KEY": _new_key(),
    }
    draft = path.with_name(f"keys.{os.getpid()}.{secrets.token_hex(4)}.tmp")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(fresh, indent=2))
    try:
        # Of processes that start at once, the first one's keys stay.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _read_ring(text: str) -> dict[int, bytes]:
    ring: dict[int, bytes] = {}
    for part in text.split(","):
        key_id, _, encoded = part.strip().partition(":")
        if not key_id.isdigit() or not 0 < int(key_id) < 256:
            raise ImproperlyConfigured("ENCRYPTION_KEYS must be <1-255>:<base64>, comma separated")
        ring[int(key_id)] = _read_key("ENCRYPTION_KEYS", encoded)
    return ring


def _read_key(name: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must be {KEY_BYTES} bytes in base64")
    return key
