"""A worker ends with the process that started it, even when that one was killed outright.

Granian's workers would live on, hold the port and answer from copies nobody looks after.
"""

import os
import signal
import threading
import time

_LOOK_EVERY_S = 0.5
_GRACE_S = 3.0


def end_with_parent() -> None:
    """Looks from a thread of its own whether the parent is still the same."""
    parent = os.getppid()
    watching = threading.Thread(target=_wait_for_end, args=(parent,), name="parent", daemon=True)
    watching.start()


def _wait_for_end(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    os._exit(1)
