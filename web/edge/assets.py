"""Files whose names carry a hash of their content: from memory, to be kept for ever by browsers."""

import json
import mimetypes
from pathlib import Path

from web.edge.answer import Variant, variants_of
from web.edge.finished import compressed

_MANIFEST = "staticfiles.json"


def load_assets(root: Path, *, url: str) -> dict[str, tuple[Variant, ...]]:
    """By path. Empty where nothing was collected; all else under `url` is Django's to answer."""
    try:
        manifest = json.loads((root / _MANIFEST).read_text())
    except FileNotFoundError:
        return {}
    return {f"{url}{name}": _asset(root / name) for name in sorted(set(manifest["paths"].values()))}


def _asset(file: Path) -> tuple[Variant, ...]:
    content_type, _ = mimetypes.guess_type(file.name)
    if content_type in {"text/css", "text/javascript", "application/javascript"}:
        content_type = f"{content_type}; charset=utf-8"
    headers = {
        "content-type": content_type or "application/octet-stream",
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "Accept-Encoding",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
    }
    return variants_of(_bodies(file), headers)


def _bodies(file: Path) -> tuple[bytes, bytes, bytes]:
    """The compressed neighbours that were collected with the file, where they are."""
    body = file.read_bytes()
    brotli, gzip, _ = compressed(body)
    return _neighbour(file, ".br", brotli), _neighbour(file, ".gz", gzip), body


def _neighbour(file: Path, suffix: str, otherwise: bytes) -> bytes:
    neighbour = file.with_name(file.name + suffix)
    return neighbour.read_bytes() if neighbour.exists() else otherwise
