"""Wiring only: settings, routes, the timetable, the servers. Nothing imports it."""

from statuspage.celery import app as celery_app

__all__ = ["celery_app"]
