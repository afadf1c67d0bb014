import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscribers.addresses import parse_address
from subscribers.channels import frame


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ann@Example.COM ", "Ann@example.com"),
        ("ann+status@mail.example.co.uk", "ann+status@mail.example.co.uk"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ann@b\u00fccher.example", "ann@xn--bcher-kva.example"),
    ],
)
def test_an_address_is_kept_as_it_is_sent_to(text: str, address: str):
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ann",
        "@example.com",
        "ann@",
        "ann@localhost",
        "ann@[127.0.0.1]",
        "ann@127.0.0.1",
        '"ann b"@example.com',
        "ann@example.com\nBcc: eve@example.com",
        "ann@example.com\r\n",
        "ann\x00@example.com",
        "a..b@example.com",
        ".ann@example.com",
        "ann@example..com",
        "ann@-example.com",
        "ann@exa mple.com",
        "ann@example.com,eve@example.com",
        "ann@example.com>",
        "<ann@example.com>",
        "Ann <ann@example.com>",
        "\u00e4nn@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 64 + ".com",
        "a@" + ".".join(["b" * 60] * 5),
        "a@\ud800.com",
        "a@\u2028.com",
    ],
)
def test_what_could_break_sending_is_refused(text: str):
    with pytest.raises(ValueError, match=r"[A-Z].*\."):
        parse_address(text)


@given(st.text(max_size=80).map(lambda text: f"{text}@example.com") | st.text(max_size=300))
def test_whatever_is_taken_fits_every_command_and_header(text: str):
    try:
        address = parse_address(text)
    except ValueError:
        return
    assert address.isascii()
    assert not set(address) & set(' \t\r\n<>,;:"()[]\\')
    assert parse_address(address) == address


def test_frames_know_their_holes():
    assert len(frame.UNSUBSCRIBE) == len(frame.SECRET) == 64
