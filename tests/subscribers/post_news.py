"""Writes news of the page whose id is the argument, and prints how long that took.

Run after `django.setup()` in a process with an environment of its own.
"""

import sys
import time
from uuid import UUID

from django.utils.timezone import now

from pages.versions import changing
from subscribers import outbox
from tests.subscribers.factories import make_message

if __name__ == "__main__":
    begun = time.monotonic()
    with changing(UUID(sys.argv[1])) as (page,):
        outbox.enqueue(page=page, message=make_message(), at=now())
    print(time.monotonic() - begun, flush=True)  # noqa: T201
    # As a web process would, it lives on while the wake-up is tried.
    time.sleep(1)
