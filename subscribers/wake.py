"""Wake-ups: tell the workers that there is something to do, without ever waiting for them.

A wake-up is a courtesy: sweeps find all work within seconds anyway. So it is published by
a thread of its own, and a broker that is gone or hangs costs the caller nothing.
"""

import logging
import os
import queue
import threading
from functools import cache

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

RELAY = "subscribers.relay"
DELIVER = "subscribers.deliver"
DECIDE = "subscribers.decide_requests"

_WAITING = 100
_WORTHLESS_AFTER_S = 5


def wake_after_commit(task: str) -> None:
    """Publishes `task` once the current transaction is committed (at once without one)."""
    transaction.on_commit(lambda: wake(task), robust=True)


def wake(task: str) -> None:
    try:
        _bell(os.getpid()).put_nowait(task)
    except queue.Full:
        log.warning("wake-up of %s dropped: the broker does not answer", task)


@cache
def _bell(_process: int) -> "queue.Queue[str]":
    """The process' queue of wake-ups; a forked child has no thread of its parent's."""
    waiting: queue.Queue[str] = queue.Queue(_WAITING)
    threading.Thread(target=_publish_all, args=[waiting], name="wake", daemon=True).start()
    return waiting


def _publish_all(waiting: "queue.Queue[str]") -> None:
    while True:
        tasks = {waiting.get()}
        while not waiting.empty():
            tasks.add(waiting.get())
        for task in tasks:
            try:
                current_app.send_task(task, retry=False, expires=_WORTHLESS_AFTER_S)
            except Exception as error:  # noqa: BLE001 (the sweep does without)
                log.warning("wake-up of %s not published: %r", task, error)
