import pytest

from web.edge.client import client_address, peer_address, scheme


@pytest.mark.parametrize(
    ("forwarded", "proxies", "expected"),
    [
        (None, 0, "10.0.0.9"),
        ("1.2.3.4", 0, "10.0.0.9"),
        (None, 1, "10.0.0.9"),
        ("1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", 1, "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4, 10.0.0.8", 2, "1.2.3.4"),
        ("1.2.3.4", 2, "10.0.0.9"),
        ("6.6.6.6, rubbish", 1, "10.0.0.9"),
        ("6.6.6.6,", 1, "10.0.0.9"),
        ("6.6.6.6, [2001:db8::1]", 1, "2001:db8::1"),
        ("2001:DB8:0::1", 1, "2001:db8::1"),
    ],
)
def test_the_client_is_counted_from_the_right(forwarded: str | None, proxies: int, expected: str):
    assert client_address("10.0.0.9", forwarded, proxies=proxies) == expected


def test_the_peer_is_given_without_its_port():
    assert peer_address("10.0.0.9:4321") == "10.0.0.9"
    assert peer_address("[::1]:4321") == "::1"


@pytest.mark.parametrize(
    ("said", "proxies", "expected"),
    [
        (None, 1, "http"),
        ("https", 0, "http"),
        ("https", 1, "https"),
        ("http, https", 1, "https"),
        ("gopher", 1, "http"),
    ],
)
def test_the_scheme_is_what_the_nearest_proxy_says(said: str | None, proxies: int, expected: str):
    assert scheme("http", said, proxies=proxies) == expected
