"""Reminder intervals as people write them."""

import pytest

from web.dashboard import nudge_words


@pytest.mark.parametrize(
    ("text", "value"),
    [("3, 6,12", [3, 6, 12]), ("every 2", 2), ("Every 30", 30), ("", []), (" 3 ", [3])],
)
def test_they_are_read(text: str, value: list[int] | int) -> None:
    assert nudge_words.read(text) == value


@pytest.mark.parametrize("value", [[3, 6, 12], 2, []])
def test_what_is_written_is_read_back(value: list[int] | int) -> None:
    assert nudge_words.read(nudge_words.words(value)) == value


@pytest.mark.parametrize("text", ["soon", "every", "every 2 3", "1.5", "-3", "9" * 99, "٣"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write such as"):
        nudge_words.read(text)
