"""Finished pieces of HTML, kept in Redis under what they show.

A key holds the digest of a piece's content and of the templates, so that nothing has to be
invalidated and an old release's HTML is never served by a new one. Without Redis every
piece is rendered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.encoding import force_str
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from redis import Redis

from pages.cache import attempt

TTL_S = 3600


@dataclass(frozen=True, slots=True)
class Section:
    """A piece of a page; `content` holds all that its template shows, as frozen values."""

    name: str
    template: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fragment:
    """`version` changes with the HTML; scripts compare it."""

    name: str
    html: SafeString
    version: str


def fragments(page_id: UUID, sections: Sequence[Section]) -> list[Fragment]:
    """Each section's HTML, from Redis or fresh; one round trip to read, one to keep."""
    versions = [_version(section) for section in sections]
    keys = [
        f"fragment:{page_id.hex}:{section.name}:{get_language()}:{version}"
        for section, version in zip(sections, versions, strict=True)
    ]
    held = attempt(lambda client: client.mget(keys), otherwise=None) or [None] * len(keys)
    found: list[Fragment] = []
    fresh: dict[str, str] = {}
    for section, version, key, kept in zip(sections, versions, keys, held, strict=True):
        html = mark_safe(force_str(kept)) if kept else _render(section)  # noqa: S308 (our own)
        if not kept:
            fresh[key] = html
        found.append(Fragment(section.name, html, version))
    if fresh:
        attempt(lambda client: _keep(client, fresh), otherwise=None)
    return found


def _render(section: Section) -> SafeString:
    return render_to_string(section.template, dict(section.content))


def _keep(client: "Redis", fresh: Mapping[str, str]) -> None:
    pipeline = client.pipeline(transaction=False)
    for key, html in fresh.items():
        pipeline.set(key, html, ex=TTL_S)
    pipeline.execute()


def _version(section: Section) -> str:
    digest = blake2b(_templates(), digest_size=4)
    digest.update(repr(section).encode())
    return digest.hexdigest()


@cache
def _templates() -> bytes:
    """The digest of every section's template."""
    folder = Path(settings.BASE_DIR) / "templates/public/sections"
    digest = blake2b(digest_size=16)
    for path in sorted(folder.glob("*.html")):
        digest.update(path.read_bytes())
    return digest.digest()
