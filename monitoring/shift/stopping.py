"""Being told to stop: SIGTERM and SIGINT end a shift between two steps, not in one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def until_told(otherwise: Callable[[], bool] | None = None) -> Iterator[Callable[[], bool]]:
    """Yields a question: was this process told to stop since?

    The handlers before are put back and then told as well. Only the main thread can hear
    signals; in another one `otherwise` answers, or the answer stays no.
    """
    if threading.current_thread() is not threading.main_thread():
        yield otherwise or (lambda: False)
        return
    heard: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        heard.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: bool(heard)
    finally:
        for told, handler in before.items():
            signal.signal(told, handler)
        for number in heard[:1]:
            signal.raise_signal(number)
