"""An address a person types is either plain and allowed, or refused with a sentence."""

import pytest

from monitoring.addresses import Policy
from monitoring.targets import parse_target

PUBLIC = Policy()
LAB = Policy.of(["127.0.0.0/8", "10.0.0.0/8"])


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("https://example.com", "https://example.com/"),
        (" HTTPS://Example.COM:8443/a?b=c ", "https://example.com:8443/a?b=c"),
        ("http://bücher.example/straße", "http://xn--bcher-kva.example/stra%C3%9Fe"),
        ("http://example.com/100%25?q=%20", "http://example.com/100%25?q=%20"),
        ("https://[2606:2800:220:1::1]/", "https://[2606:2800:220:1::1]/"),
        ("https://example.com./", "https://example.com/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
    ],
)
def test_plain_addresses_pass(text: str, plain: str):
    assert parse_target(text, policy=PUBLIC) == plain


@pytest.mark.parametrize(
    "text",
    [
        "", "example.com", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
        "http://", "http:///x", "http://user@example.com/", "http://u:p@example.com/",
        "http://example.com@127.0.0.1/", "https://example.com/#part", "http://exa mple.com/",
        "http://example.com/\r\nX: 1", "http://example.com/\x00", "http://example.com\\@evil/",
        "http://example.com:99999/", "http://example.com:x/", "http://exam_ple-.com/",
        "http://localhost/", "http://intranet/", "http://db.internal/", "http://nas.local/",
        "http://x.localhost/", "http://example.com:22/", "http://example.com:8000/",
        "http://127.0.0.1/", "http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/", "http://[::ffff:169.254.169.254]/", "http://[fe80::1%25eth0]/",
        "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/",
        "http://0177.0.0.1/", "http://8.8.8/", "http://1.2.3.4.5/", "http://[::1",
        "https://example.com/" + "x" * 2000,
    ],
)  # fmt: skip
def test_everything_else_is_refused_with_a_sentence(text: str):
    with pytest.raises(ValueError, match=r"^The .*\.$"):
        parse_target(text, policy=PUBLIC)


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:4000/", "http://localhost:8000/health", "http://web:8000/"]
)
def test_allowed_networks_open_their_addresses_and_local_names(text: str):
    assert parse_target(text, policy=LAB) == text


def test_an_address_outside_the_allowed_networks_stays_refused():
    with pytest.raises(ValueError, match="MONITOR_ALLOWED_NETWORKS"):
        parse_target("http://192.168.0.1/", policy=LAB)
