"""A sweep goes on with the next row when one fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def logged(log: logging.Logger, words: str, *args: object) -> Iterator[None]:
    """Logs what goes wrong inside, with its traceback, and lets the sweep go on."""
    try:
        yield
    except Exception:
        log.exception(words, *args)
