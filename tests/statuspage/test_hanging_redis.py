"""A Valkey that hangs is worse than one that is gone: neither may cost a visitor a second."""

import time

import pytest
from celery import current_app
from django.core.cache import caches
from kombu.exceptions import OperationalError

from tests.faults.hanging import hanging
from tests.processes import wait_until


@pytest.fixture
def elapsed():
    start = time.monotonic()
    return lambda: time.monotonic() - start


def test_a_cache_read_costs_less_than_half_a_second(redis, elapsed):
    cache = caches["redis"]
    cache.set("k", 1, 60)
    with hanging(redis):
        before = elapsed()
        assert cache.get("k", "absent") == "absent"
        assert elapsed() - before < 0.5


@pytest.mark.parametrize("connected", [True, False])
def test_a_wake_up_costs_less_than_half_a_second(redis, elapsed, connected):
    wake = current_app.signature("web.note_beat")
    with current_app.connection_for_write() as connection:
        if connected:
            wake.apply_async(connection=connection)
        with hanging(redis):
            before = elapsed()
            with pytest.raises(OperationalError):
                wake.apply_async(connection=connection)
            assert elapsed() - before < 0.5


def test_beat_says_once_that_wake_ups_cannot_be_sent(processes, redis):
    processes.start("beat")
    wait_until(lambda: redis.llen("default"), within=40, what="the first wake-ups")
    log = processes.log("beat")
    with hanging(redis):
        wait_until(lambda: "cannot be sent" in log.read_text(), within=15, what="the line")
        # Beat tries several times in these seconds, and must say no more of it.
        time.sleep(5)
    assert log.read_text().count("cannot be sent") == 1
    assert "Traceback" not in log.read_text()
