"""The page's lock and version: every change of what a page shows goes through `changing`.

PostgreSQL holds the version; Redis learns it after the commit, as a hint that may be lost.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.timezone import now
from redis import Redis

from pages.cache import attempt, redis_client
from pages.models import Page

__all__ = [
    "changing",
    "publish_version",
    "read_versions",
    "redis_client",
    "republish_recent",
    "require_lock",
    "version_key",
]

KEY_TTL = timedelta(days=1)
_BATCH = 1000

# Never lowers a version: a late publisher must not hide a newer one.
_RAISE = """
for i, key in ipairs(KEYS) do
  local held = tonumber(redis.call('GET', key) or '0') or 0
  if tonumber(ARGV[i + 1]) > held then
    redis.call('SET', key, ARGV[i + 1], 'EX', ARGV[1])
  end
end
"""

_locked: ContextVar[frozenset[UUID]] = ContextVar("locked_pages", default=frozenset())


@contextmanager
def changing(*page_ids: UUID) -> Iterator[list[Page]]:
    """Locks the pages, yields them ordered by id, then raises their versions.

    One transaction (a savepoint when nested). Name all pages at once: nesting another page
    inside breaks the lock order. Raises Page.DoesNotExist when one is missing.
    """
    wanted = frozenset(page_ids)
    with transaction.atomic():
        pages = list(
            Page.objects.select_for_update(no_key=True).filter(id__in=wanted).order_by("id")
        )
        if len(pages) != len(wanted):
            raise Page.DoesNotExist
        token = _locked.set(_locked.get() | wanted)
        try:
            yield pages
        finally:
            _locked.reset(token)
        _raise_versions(pages)


def require_lock(page_id: UUID) -> None:
    """Raises RuntimeError outside `changing(page_id)`."""
    if page_id not in _locked.get():
        raise RuntimeError(f"page {page_id} must be locked by pages.versions.changing")


def version_key(page_id: UUID) -> str:
    """The Redis key of a page's version: decimal text that lives for a day."""
    return f"v:{page_id.hex}"


def publish_version(page_id: UUID, version: int) -> None:
    """Tells Redis a page's version. Never lowers it, never raises, never slow."""
    _publish({page_id: version})


def read_versions(page_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The versions PostgreSQL holds; missing pages are left out."""
    return dict(Page.objects.filter(id__in=list(page_ids)).values_list("id", "version"))


def republish_recent(at: datetime) -> int:
    """Publishes again what changed within a key's life, so that no hint stays behind.

    A version older than that has no key left that could contradict it.
    """
    recent = list(
        Page.objects.filter(updated_at__gte=at - KEY_TTL)
        .order_by("id")
        .values_list("id", "version")
    )
    for start in range(0, len(recent), _BATCH):
        _publish(dict(recent[start : start + _BATCH]))
    return len(recent)


def _raise_versions(pages: list[Page]) -> None:
    ids = [page.pk for page in pages]
    moment = now()
    Page.objects.filter(id__in=ids).update(version=F("version") + 1, updated_at=moment)
    raised = read_versions(ids)
    for page in pages:
        page.version = raised[page.pk]
        page.updated_at = moment
    transaction.on_commit(lambda: _publish(raised))


def _publish(versions: Mapping[UUID, int]) -> None:
    keys = [version_key(page_id) for page_id in versions]
    values = [int(KEY_TTL.total_seconds()), *versions.values()]

    def ask(client: Redis) -> None:
        client.register_script(_RAISE)(keys=keys, args=values)

    attempt(ask, otherwise=None)
