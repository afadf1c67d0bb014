"""The page's lock, its version, and the hint that Redis gets of it."""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils.timezone import now

from pages import cache, versions
from pages.breaker import Breaker
from pages.models import Page
from pages.versions import changing, publish_version, version_key
from statuspage.embedded import Valkey
from tests.factories import PageFactory


@pytest.fixture(autouse=True)
def _fresh_breaker(monkeypatch) -> None:
    monkeypatch.setattr(cache, "BREAKER", Breaker(open_s=5))


@pytest.fixture
def valkey(tmp_path, settings) -> Iterator[Valkey]:
    """A server of the test's own, to stop and to kill."""
    server = Valkey(tmp_path)
    settings.REDIS_URL = server.start()
    cache.redis_client.cache_clear()
    yield server
    server.process.send_signal(signal.SIGCONT)
    server.stop()
    cache.redis_client().close()
    cache.redis_client.cache_clear()


def seconds_to_publish() -> float:
    begun = time.monotonic()
    publish_version(uuid4(), 1)
    return time.monotonic() - begun


def hint(redis, page_id: UUID) -> int | None:
    text = redis.get(version_key(page_id))
    return None if text is None else int(text)


@pytest.mark.django_db(transaction=True)
def test_redis_learns_the_version_after_the_commit(page, redis) -> None:
    with changing(page.pk) as [locked]:
        assert (locked.pk, locked.version) == (page.pk, 1)
        assert hint(redis, page.pk) is None
    assert locked.version == 2
    assert hint(redis, page.pk) == 2
    assert 86_000 < redis.ttl(version_key(page.pk)) <= 86_400
    assert versions.read_versions([page.pk, uuid4()]) == {page.pk: 2}


@pytest.mark.django_db(transaction=True)
def test_what_rolls_back_raises_nothing(page, redis) -> None:
    def fail_midway() -> None:
        with changing(page.pk):
            Page.objects.filter(pk=page.pk).update(name="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    page.refresh_from_db()
    assert (page.name, page.version) == ("Acme", 1)
    assert hint(redis, page.pk) is None
    with pytest.raises(RuntimeError):
        versions.require_lock(page.pk)


@pytest.mark.django_db(transaction=True)
def test_nested_changes_publish_the_last_version(page, redis) -> None:
    with changing(page.pk), changing(page.pk):
        versions.require_lock(page.pk)
    page.refresh_from_db()
    assert (page.version, hint(redis, page.pk)) == (3, 3)


def test_pages_come_in_the_order_of_their_ids(page) -> None:
    other = PageFactory()
    with changing(other.pk, page.pk, other.pk) as locked:
        assert locked == sorted([page, other], key=lambda each: each.pk)


def test_a_missing_page_is_said(page) -> None:
    with pytest.raises(Page.DoesNotExist), changing(page.pk, uuid4()):
        pytest.fail("nothing to change")


def test_a_version_is_never_lowered(redis) -> None:
    page_id = uuid4()
    for version in (5, 7, 6):
        publish_version(page_id, version)
    assert hint(redis, page_id) == 7
    redis.set(version_key(page_id), "nonsense")
    publish_version(page_id, 8)
    assert hint(redis, page_id) == 8


def test_lost_hints_are_published_again(page, redis) -> None:
    with transaction.atomic(), changing(page.pk):
        pass
    old = PageFactory(updated_at=now() - timedelta(days=2))
    redis.set(version_key(page.pk), 1)
    assert versions.republish_recent(now()) == 1
    assert (hint(redis, page.pk), hint(redis, old.pk)) == (2, None)


def test_the_breaker_closes_by_itself() -> None:
    clock = [0.0]
    breaker = Breaker(open_s=5, clock=lambda: clock[0])
    assert breaker.closed
    breaker.trip()
    clock[0] = 4.9
    assert not breaker.closed
    clock[0] = 5.0
    assert breaker.closed


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
@pytest.mark.parametrize("warm", [True, False], ids=["connected", "new connection"])
def test_a_dead_or_hanging_server_costs_little_and_then_nothing(valkey, fault, warm, caplog):
    if warm:
        publish_version(uuid4(), 1)
    valkey.process.send_signal(fault)
    if fault == signal.SIGKILL:
        valkey.process.wait()
    assert seconds_to_publish() < 0.3
    assert "redis cannot be asked" in caplog.text
    assert seconds_to_publish() < 0.01
    assert len(caplog.records) == 1


def test_a_server_that_came_back_is_asked_again(valkey, monkeypatch) -> None:
    monkeypatch.setattr(cache, "BREAKER", Breaker(open_s=0))
    page_id = uuid4()
    valkey.process.kill()
    valkey.process.wait()
    publish_version(page_id, 1)
    valkey.start()
    publish_version(page_id, 2)
    assert cache.attempt(lambda client: client.get(version_key(page_id)), otherwise=None) == b"2"


@pytest.mark.django_db(transaction=True)
def test_a_change_commits_while_redis_hangs(page, valkey) -> None:
    valkey.process.send_signal(signal.SIGSTOP)
    begun = time.monotonic()
    with changing(page.pk):
        pass
    assert time.monotonic() - begun < 0.5
    page.refresh_from_db()
    assert page.version == 2
