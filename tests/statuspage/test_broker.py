import pytest
from django.core.exceptions import ImproperlyConfigured

from statuspage.broker import broker_url


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://localhost:6379/0", "redis://localhost:6379/0"),
        ("rediss://user:word@cache.example:6380/1", "rediss://user:word@cache.example:6380/1"),
        ("unix:///run/valkey.sock?db=3", "redis+socket:///run/valkey.sock?virtual_host=3"),
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=0"),
    ],
)
def test_each_kind_of_address_is_translated(redis_url, expected):
    assert broker_url(redis_url) == expected


@pytest.mark.parametrize("redis_url", ["", "localhost:6379", "redis://", "http://x", "unix://"])
def test_a_wrong_address_is_named(redis_url):
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        broker_url(redis_url)
