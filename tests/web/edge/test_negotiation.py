import pytest

from web.edge.finished import ENCODINGS
from web.edge.negotiation import encoding_index, matches


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, "identity"),
        ("", "identity"),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("br;q=nonsense", "identity"),
        ("identity", "identity"),
        ("; ,,;q=,br;", "br"),
    ],
)
def test_the_best_encoding_a_client_takes(header: str | None, expected: str):
    assert ENCODINGS[encoding_index(header)] == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_a_condition_holds_when_one_of_its_tags_is_ours(header: str, expected: bool):
    assert matches(header, '"a"') is expected
