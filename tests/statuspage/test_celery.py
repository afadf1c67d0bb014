"""The timetable, the routes, and what a hanging Valkey costs."""

from celery import current_app

from statuspage.timetable import TIMETABLE


def test_every_tick_of_the_timetable_is_a_task():
    current_app.loader.import_default_modules()
    assert [tick.task for tick in TIMETABLE if tick.task not in current_app.tasks] == []
