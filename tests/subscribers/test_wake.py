"""Wake-ups reach the workers' queue, and never hold up who rings."""

import time

import pytest
from django.db import transaction
from redis import Redis

from subscribers import wake
from tests.faults.hanging import hanging
from tests.processes import wait_until

RINGS = 500
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wake_up_is_published_after_the_commit(redis: "Redis[bytes]", settings):
    with transaction.atomic():
        wake.wake_after_commit(wake.DELIVER)
        # Wake-ups go out in turn: once two later ones are there, an earlier one would be.
        for rung in (1, 2):
            wake.wake(wake.RELAY)
            wait_until(
                lambda rung=rung: redis.llen("default") == rung,
                within=10,
                what="a message in the default queue",
            )
        assert not redis.llen(settings.SUBSCRIBER_EMAIL_QUEUE_NAME)
    wait_until(
        lambda: redis.llen(settings.SUBSCRIBER_EMAIL_QUEUE_NAME) == 1,
        within=10,
        what="a message in the mail queue",
    )


def test_ringing_a_broker_that_hangs_costs_nothing(redis: "Redis[bytes]"):
    with hanging(redis):
        begun = time.monotonic()
        for _ in range(RINGS):
            wake.wake(wake.DELIVER)
        # Each would cost the broker's timeout, 0.2 s, if it waited: 100 s.
        assert time.monotonic() - begun < RINGS * 0.02
