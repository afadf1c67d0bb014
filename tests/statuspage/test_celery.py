"""The timetable and the routes."""

import pytest
from celery import current_app

from statuspage.celery import queue_of
from statuspage.serve.children import workers
from statuspage.timetable import TIMETABLE, Tick


def test_every_tick_of_the_timetable_is_a_task_and_every_task_a_tick():
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if not name.startswith("celery.")}
    assert ours == {tick.task for tick in TIMETABLE}


def test_every_tick_goes_to_a_queue_that_a_worker_reads(settings):
    read = {
        child.command[child.command.index("--queues") + 1]
        for child in workers(mail_queue=settings.SUBSCRIBER_EMAIL_QUEUE_NAME)
    }
    assert {queue_of(tick.task) for tick in TIMETABLE} == read


def test_the_queue_of_mail_is_named_by_its_setting(settings):
    settings.SUBSCRIBER_EMAIL_QUEUE_NAME = "post"
    assert queue_of("subscribers.deliver") == "post"
    assert queue_of("subscribers.relay") == "default"


@pytest.mark.parametrize("tick", TIMETABLE, ids=lambda tick: tick.task)
def test_a_tick_that_was_missed_is_not_made_up_for(tick: Tick):
    entry = current_app.conf.beat_schedule[tick.task]
    assert entry["schedule"] == tick.every_s
    assert entry["options"]["expires"] <= max(tick.every_s, 2)


def test_mail_and_news_are_looked_for_each_second_or_two():
    every = {tick.task: tick.every_s for tick in TIMETABLE}
    for task in ("subscribers.relay", "subscribers.deliver", "incidents.publish_due"):
        assert every[task] <= 2
