"""Wake-ups: each loads nothing, makes one call and is done."""

from typing import Any

from celery import shared_task
from django.utils.timezone import now

from subscribers import delivery, requests, retention, wake
from subscribers import relay as fan_out
from subscribers.models import Subscriber

# Short, so that a worker that is asked to stop is done in time; the sweep goes on at once.
RUN_S = 8


@shared_task(name=wake.RELAY)
def relay(**kwargs: Any) -> None:
    if fan_out.fan_out_all():
        wake.wake(wake.DELIVER)


@shared_task(name=wake.DELIVER)
def deliver(**kwargs: Any) -> None:
    if delivery.run(Subscriber.Mode.EMAIL, seconds=RUN_S):
        wake.wake(wake.DELIVER)


@shared_task(name=wake.DECIDE)
def decide_requests(**kwargs: Any) -> None:
    requests.decide_all(at=now())


@shared_task(name="subscribers.forget_old")
def forget_old(**kwargs: Any) -> None:
    retention.forget_old(at=now())
