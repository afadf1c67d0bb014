"""Wake-ups reach the workers' queue, and never hold up who rings."""

import time

import pytest
from django.db import transaction
from redis import Redis

from subscribers import wake
from tests.faults.hanging import hanging
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_wake_up_is_published_after_the_commit(redis: "Redis[bytes]", settings):
    with transaction.atomic():
        wake.wake_after_commit(wake.DELIVER)
        time.sleep(0.2)
        assert not redis.llen(settings.SUBSCRIBER_EMAIL_QUEUE_NAME)
    wait_until(
        lambda: redis.llen(settings.SUBSCRIBER_EMAIL_QUEUE_NAME) == 1,
        within=10,
        what="a message in the mail queue",
    )


def test_ringing_a_broker_that_hangs_costs_nothing(redis: "Redis[bytes]"):
    with hanging(redis):
        begun = time.monotonic()
        for _ in range(500):
            wake.wake(wake.DELIVER)
        assert time.monotonic() - begun < 0.3
