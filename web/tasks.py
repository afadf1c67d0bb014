"""Ticks of the doors: signs of life and old sessions."""

from typing import Any

from celery import shared_task
from django.contrib.sessions.models import Session
from django.utils.timezone import now

from web import heartbeats


@shared_task(name="web.note_beat")
def note_beat(**kwargs: Any) -> None:
    """Sent by beat, so its arrival says that beat and the broker work."""
    heartbeats.note(heartbeats.BEAT, at=now())


@shared_task(name="web.clear_sessions")
def clear_sessions(**kwargs: Any) -> None:
    at = now()
    Session.objects.filter(expire_date__lt=at).delete()
    heartbeats.forget_old(at=at)
