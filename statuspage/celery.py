"""The Celery application: wake-ups over Redis, never the record of anything."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from statuspage.logs import configure
from statuspage.timetable import TIMETABLE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "statuspage.settings")


def queue_of(task: str) -> str:
    """Checks and mail have queues, hence processes, of their own: neither waits for the rest."""
    if task == "monitoring.run_checks":
        return "checks"
    if task in {"subscribers.deliver", "accounts.send_resets"}:
        return str(settings.SUBSCRIBER_EMAIL_QUEUE_NAME)
    return "default"


def _route(name: str, *args: Any, **options: Any) -> dict[str, str]:
    return {"queue": queue_of(name)}


@setup_logging.connect
def _use_our_logging(**options: Any) -> None:
    configure({"level": settings.LOG_LEVEL, "as_json": settings.LOG_JSON})


app = Celery("bellbuoy")
# Reads CELERY_BROKER_URL and CELERY_BEAT_SCHEDULE_FILENAME, once they are needed.
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    accept_content=["json"],
    beat_schedule={
        tick.task: {
            "task": tick.task,
            "schedule": tick.every_s,
            "options": {"expires": tick.expires_s},
        }
        for tick in TIMETABLE
    },
    broker_connection_retry_on_startup=True,
    # Redis or Valkey may hang: a publish then costs 0.2 s and fails, see docs/operating.md.
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_timeout": 0.2,
        "socket_connect_timeout": 0.2,
        "max_retries": 0,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    },
    enable_utc=True,
    task_acks_late=True,
    task_default_queue="default",
    task_ignore_result=True,
    task_publish_retry=False,
    task_reject_on_worker_lost=True,
    task_routes=(_route,),
    timezone="UTC",
    # What a task holds is leased in PostgreSQL: it may finish while the broker is away.
    worker_cancel_long_running_tasks_on_connection_loss=False,
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_soft_shutdown_timeout=10,
)
app.autodiscover_tasks()

# By name: it reads models, which exist only where a worker has set Django up.
app.steps["worker"].add("statuspage.sweeps:Sweeps")
