"""Text and JSON from outside, made safe to store and to show. Pure: no request, no query."""

import json
import math
import re
import unicodedata

BODY_LIMIT = 1_000_000  # bytes
DEPTH_LIMIT = 20
KEYS_LIMIT = 1_000  # of one object
_INTEGER_LIMIT = 2**63

# C0 and C1 controls, DEL, line and paragraph separators, surrogates, non-characters.
_NEVER = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
_NOT_IN_TEXT = re.compile(f"[{_NEVER}]")
_NOT_IN_LINE = re.compile(f"[{_NEVER}\t\n]")
# They turn text around, also the text after the line (UAX #9, explicit directions).
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Joiners and spaces belong into lines, but nobody sees a line of nothing else.
_INVISIBLE = frozenset({"Cf", "Zs"})
# Stored text must pass through PostgreSQL (no NUL) and UTF-8 (no surrogates).
_NOT_IN_JSON = re.compile("[\x00\ud800-\udfff]")
# Sorting a run of combining marks takes NFC quadratic time; UAX #15 (D3) allows 30.
_MARKS_LIMIT = 30


class TooLarge(ValueError):  # noqa: N818 (reads as what happened)
    """A body above BODY_LIMIT."""


def clean_line(text: str, *, limit: int) -> str:
    """One trimmed line in NFC of at most `limit` characters, empty or to be seen.

    Raises ValueError, as a sentence for a person, for anything but printable text.
    """
    line = _clean(text, _NOT_IN_LINE, limit)
    if _TURNING.search(line):
        raise ValueError("Characters that turn the direction of text are not allowed.")
    if line and all(unicodedata.category(character) in _INVISIBLE for character in line):
        raise ValueError("None of these characters can be seen.")
    return line


def clean_text(text: str, *, limit: int) -> str:
    """Like clean_line, with line breaks and tabs; a browser's CRLF becomes a line feed."""
    return _clean(text.replace("\r\n", "\n"), _NOT_IN_TEXT, limit)


def read_json(body: bytes) -> object:
    """Reads one JSON document (RFC 8259) whose every part is safe to handle.

    Refused, as ValueError with a sentence: bodies above BODY_LIMIT bytes, nesting below
    DEPTH_LIMIT levels, objects of more than KEYS_LIMIT keys, duplicate keys, NaN and
    infinities, integers beyond 64 bits, NUL characters and lone surrogates.
    """
    if len(body) > BODY_LIMIT:
        raise TooLarge(f"The body is larger than {BODY_LIMIT:,} bytes.")
    try:
        document = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"The body is not JSON: {error.msg} at {error.pos}.") from None
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check(document)
    return document


def _clean(text: str, refused: re.Pattern[str], limit: int) -> str:
    if refused.search(text):
        raise ValueError("Control characters and broken characters are not allowed.")
    if not text.isascii():
        _check_marks(text)
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    if len(text) > limit:
        raise ValueError(f"At most {limit:,} characters are allowed.")
    return text


def _check_marks(text: str) -> None:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run > _MARKS_LIMIT:
            raise ValueError("Too many combining marks on one letter.")


def _check(document: object) -> None:
    """Walks without recursion, level by level."""
    level: list[object] = [document]
    for _ in range(DEPTH_LIMIT):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return
    raise ValueError(_TOO_DEEP)


def _parts(value: object) -> list[object]:
    """What stands directly inside `value`; strings are looked at here."""
    if isinstance(value, str) and _NOT_IN_JSON.search(value):
        raise ValueError("NUL characters and broken characters are not allowed.")
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(pairs) > KEYS_LIMIT:
        raise ValueError(f"An object has more than {KEYS_LIMIT:,} keys.")
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A key stands twice in one object.")
    return found


def _integer(text: str) -> int:
    if len(text) > 20 or not -_INTEGER_LIMIT <= int(text) < _INTEGER_LIMIT:
        raise ValueError("An integer is beyond 64 bits.")
    return int(text)


def _float(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError("A number is out of range.")
    return number


def _constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON.")


_TOO_DEEP = f"The body is nested deeper than {DEPTH_LIMIT} levels."
_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)
