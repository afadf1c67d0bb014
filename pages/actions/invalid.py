"""What is wrong with a value, and the checks that all verbs share."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

# Control characters, lone surrogates, line and paragraph separators: never in one line.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


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
    """One trimmed line of 1 to `limit` characters."""
    text = text.strip()
    if not text:
        raise Invalid(field, "This is needed.")
    if len(text) > limit:
        raise Invalid(field, f"Use at most {limit} characters.")
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise Invalid(field, "Use one line without control characters.")
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
