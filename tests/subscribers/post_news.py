"""Writes news of a page as an operator's request would, and prints how long that took.

`python -m tests.subscribers.post_news PAGE_ID`, in a process with its own environment.
"""

import sys
import time
from uuid import UUID

import django


def main(page_id: UUID) -> None:
    from django.utils.timezone import now

    from pages.versions import changing
    from subscribers import outbox
    from tests.subscribers.factories import make_message

    begun = time.monotonic()
    with changing(page_id) as (page,):
        outbox.enqueue(page=page, message=make_message(), at=now())
    print(time.monotonic() - begun, flush=True)  # noqa: T201
    # As a web process would, it lives on while the wake-up is tried.
    time.sleep(1)


if __name__ == "__main__":
    django.setup()
    main(UUID(sys.argv[1]))
