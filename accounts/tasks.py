"""Wake-ups: each loads nothing, makes one call and is done."""

from celery import shared_task

from accounts import resets

# Short, so that mails to subscribers, which the same worker sends, do not wait long.
RUN_S = 4


@shared_task(name="accounts.send_resets")
def send_resets(**kwargs: object) -> None:
    resets.send_due(seconds=RUN_S)
