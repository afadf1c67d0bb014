from uuid import uuid4

import pytest
from django.conf import settings
from redis import Redis

from pages import cache
from pages.breaker import Breaker
from web.page.fragments import TTL_S, Section, fragments

PAGE = uuid4()


def section(text: str, name: str = "lead") -> Section:
    return Section(name, "public/sections/lead.html", {"text": text})


def test_a_section_is_rendered_once_and_then_read_from_redis(redis: "Redis[bytes]") -> None:
    [first] = fragments(PAGE, [section("Calm")])
    [key] = redis.keys(f"fragment:{PAGE.hex}:lead:en:*")
    redis.set(key, b"kept", ex=TTL_S)

    [second] = fragments(PAGE, [section("Calm")])

    assert first.html.strip() == "Calm"
    assert second.html == "kept"
    assert second.version == first.version


def test_every_key_ends(redis: "Redis[bytes]") -> None:
    fragments(PAGE, [section("Calm")])

    assert [0 < redis.ttl(key) <= TTL_S for key in redis.keys("fragment:*")] == [True]


def test_other_content_is_another_fragment() -> None:
    [calm], [trouble] = fragments(PAGE, [section("Calm")]), fragments(PAGE, [section("Trouble")])

    assert calm.version != trouble.version
    assert trouble.html.strip() == "Trouble"


def test_only_the_changed_section_is_rendered_again(redis: "Redis[bytes]") -> None:
    fragments(PAGE, [section("A", "a"), section("B", "b")])

    fragments(PAGE, [section("A", "a"), section("C", "b")])

    assert len(redis.keys(f"fragment:{PAGE.hex}:a:*")) == 1
    assert len(redis.keys(f"fragment:{PAGE.hex}:b:*")) == 2


def test_without_redis_everything_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(cache, "BREAKER", Breaker(open_s=5))
    cache.redis_client.cache_clear()
    try:
        [shown] = fragments(PAGE, [section("Calm")])
    finally:
        cache.redis_client.cache_clear()

    assert shown.html.strip() == "Calm"
