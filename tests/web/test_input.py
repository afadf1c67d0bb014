"""What text and JSON from outside may contain."""

import json
import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.input import BODY_LIMIT, DEPTH_LIMIT, TooLarge, clean_line, clean_text, read_json

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=80)
BROKEN = [
    "\x00", "\x01", "\x08", "\x0b", "\x1b", "\x1f", "\x7f", "\x80", "\x85", "\x9f",
    "\u2028", "\u2029", "\ud800", "\udfff", "\ufffe", "\uffff",
]  # fmt: skip


@pytest.mark.parametrize("character", BROKEN)
@pytest.mark.parametrize("clean", [clean_line, clean_text])
def test_broken_characters_are_refused_anywhere(clean, character):
    for text in (character, f"a{character}", f"{character}a", f"a{character}b"):
        with pytest.raises(ValueError, match="not allowed"):
            clean(text, limit=100)


@pytest.mark.parametrize("character", ["\n", "\t", "\r", "\r\n"])
def test_a_line_has_no_breaks(character):
    with pytest.raises(ValueError, match="not allowed"):
        clean_line(f"Subject{character}Bcc: everyone", limit=100)


def test_a_text_keeps_its_breaks_in_one_spelling():
    assert clean_text("one\r\n\ttwo\n", limit=100) == "one\n\ttwo"
    with pytest.raises(ValueError, match="not allowed"):
        clean_text("one\rtwo", limit=100)


def test_text_is_composed_and_trimmed_before_it_is_measured():
    assert clean_line("  Cafe\u0301\u00a0", limit=4) == "Café"
    with pytest.raises(ValueError, match="At most 3 characters"):
        clean_line("Café", limit=3)


def test_emoji_and_right_to_left_text_pass():
    text = "👩‍👩‍👧 שלום ভাষা ไทย"
    assert clean_line(text, limit=100) == text


@pytest.mark.parametrize("character", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
def test_a_line_turns_no_text_around(character):
    with pytest.raises(ValueError, match="direction"):
        clean_line(f"Invoice {character}fdp.exe", limit=100)


@pytest.mark.parametrize("text", ["\u200b", "\u200d\u200b", "\u2060 \ufeff", "\u200e\u00a0\u200f"])
def test_a_line_can_be_seen_or_is_empty(text):
    with pytest.raises(ValueError, match="seen"):
        clean_line(text, limit=100)
    assert clean_line(" \u00a0 ", limit=100) == ""


def test_stacked_marks_are_refused_quickly():
    """NFC sorts a run of marks in quadratic time: 40,000 of them take seconds."""
    began = time.monotonic()
    with pytest.raises(ValueError, match="combining"):
        clean_text("a" + "\u0301\u0316" * 200_000, limit=1_000_000)
    assert time.monotonic() - began < 0.5


@given(ANY_TEXT)
def test_whatever_passes_is_stable_storable_and_one_line(text):
    try:
        cleaned = clean_line(text, limit=80)
    except ValueError:
        return
    assert clean_line(cleaned, limit=80) == cleaned == cleaned.strip()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert len(cleaned.splitlines()) <= 1
    cleaned.encode("utf-8")


@given(ANY_TEXT)
def test_a_text_passes_exactly_when_its_lines_do(text):
    """But for directions and what nobody sees, which only lines refuse."""
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")

    def passes(clean, value):
        try:
            clean(value, limit=80)
        except ValueError:
            return False
        return True

    lines = text.replace("\r\n", "\n").replace("\t", "\n").split("\n")
    assert passes(clean_text, text) == all(passes(clean_line, line) for line in lines)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=10,
)


@given(JSON_VALUES)
def test_ordinary_documents_are_read_as_they_are(value):
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary(max_size=200))
def test_arbitrary_bytes_are_read_or_refused(body):
    with suppress(ValueError):
        read_json(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"[1e999]", "out of range"),
        (b'{"a": 1, "a": 2}', "stands twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "stands twice"),
        (json.dumps(dict.fromkeys(map(str, range(1001)))).encode(), "1,000 keys"),
        (b'["\\u0000"]', "NUL"),
        (b'{"\\u0000": 1}', "NUL"),
        (b'["\\ud800"]', "broken"),
        (b"[9223372036854775808]", "64 bits"),
        (b"[" + b"9" * 5000 + b"]", "64 bits"),
        (b"[" * 21 + b"]" * 21, "deeper"),
        (b"[" * 400_000, "deeper"),
        (b'{"a":' * 100_000, "deeper"),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else value,
)
def test_dangerous_documents_are_refused_with_a_sentence(body, words):
    with pytest.raises(ValueError, match=words):
        read_json(body)


def test_the_limits_themselves_are_allowed():
    read_json(b"[" * DEPTH_LIMIT + b"]" * DEPTH_LIMIT)
    read_json(b'"' + b"a" * (BODY_LIMIT - 2) + b'"')
    with pytest.raises(TooLarge):
        read_json(b'"' + b"a" * (BODY_LIMIT - 1) + b'"')
