"""What is wrong with a value, and the checks that all verbs share."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

# Control characters, lone surrogates, line and paragraph separators: never in one line.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
# They turn text around, also the text after the line (UAX #9, explicit directions).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Joiners and spaces belong into lines, but nobody sees a line of nothing else.
_INVISIBLE = frozenset({"Cf", "Zs"})


class Invalid(ValueError):  # noqa: N818 (reads as what is wrong)
    """`field` cannot have this value; `message` is a sentence for a person."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class Conflict(Invalid):
    """The value was right until somebody was quicker: look again, then decide."""


@contextmanager
def naming(field: str) -> Iterator[None]:
    """Turns a rule's ValueError into Invalid for `field`."""
    try:
        yield
    except ValueError as error:
        raise Invalid(field, str(error)) from error


def line(field: str, text: str, *, limit: int = 255) -> str:
    """One trimmed line of 1 to `limit` characters, of which somebody can see one."""
    text = text.strip()
    if not text:
        raise Invalid(field, "This is needed.")
    if len(text) > limit:
        raise Invalid(field, f"Use at most {limit} characters.")
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise Invalid(field, "Use one line without control characters.")
    if not _TURNING.isdisjoint(text):
        raise Invalid(field, "Use text without characters that turn its direction.")
    if all(unicodedata.category(character) in _INVISIBLE for character in text):
        raise Invalid(field, "Use characters that can be seen.")
    return text


def text_or_none(field: str, text: str | None, *, limit: int = 2000) -> str | None:
    """Trimmed text of at most `limit` characters, None when blank."""
    text = (text or "").strip()
    if len(text) > limit:
        raise Invalid(field, f"Use at most {limit} characters.")
    if any(_is_control(character) for character in text):
        raise Invalid(field, "Use text without control characters.")
    return text or None


def require_within(field: str, number: float, low: int, high: int) -> None:
    if not low <= number <= high:
        raise Invalid(field, f"Use a number from {low} to {high}.")


def _is_control(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} and character not in "\r\n\t"
