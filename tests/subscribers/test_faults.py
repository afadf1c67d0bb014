"""Real workers, killed and cut off while they send. Leases are shortened by ageing their rows."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Now
from django.utils.timezone import now
from redis import Redis

from pages.models import Page
from statuspage.embedded import Valkey
from subscribers import outbox, relay, wake
from subscribers.models import Delivery, Notification, Subscriber
from subscribers.retry import MAX_ATTEMPTS
from tests.factories import PageFactory
from tests.processes import Processes, wait_until
from tests.subscribers.factories import make_many, make_message
from tests.subscribers.sink import SinkProcess

State = Delivery.State
pytestmark = pytest.mark.django_db(transaction=True)

WITHIN_S = 90
POST_NEWS = """
import django, runpy
django.setup()
runpy.run_module("tests.subscribers.post_news", run_name="__main__")
"""


@pytest.fixture
def crowd(processes: Processes, sink: SinkProcess) -> Page:
    """A page whose workers send to the sink."""
    processes.environment["EMAIL_URL"] = sink.url
    return PageFactory()


@pytest.fixture
def broker(tmp_path: Path, processes: Processes) -> Iterator[Valkey]:
    """A broker of the workers' own, which a test may stop."""
    server = Valkey(tmp_path / "broker")
    processes.environment["REDIS_URL"] = server.start()
    yield server
    if server.process:
        server.process.kill()
        server.process.wait()


def tell(page: Page) -> Notification:
    notification = outbox.enqueue(page=page, message=make_message(), at=now())
    relay.fan_out_all()
    return notification


def sent_at_least(sink: SinkProcess, count: int) -> None:
    def look() -> bool:
        wake.wake(wake.DELIVER)
        return sink.count() >= count

    wait_until(look, within=WITHIN_S, what=f"{count} mails at the sink")


def all_settled() -> None:
    def look() -> bool:
        wake.wake(wake.DELIVER)
        return not Delivery.objects.open().exists()

    wait_until(look, within=WITHIN_S, what="all deliveries settled")


def kill_while_sending(worker: "subprocess.Popen[bytes]") -> None:
    """Kills it in the midst of a batch, not between two."""

    def caught() -> bool:
        os.killpg(worker.pid, signal.SIGSTOP)
        if Delivery.objects.filter(state=State.SENDING).exists():
            return True
        os.killpg(worker.pid, signal.SIGCONT)
        return False

    wait_until(caught, within=WITHIN_S, what="a batch under way")
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def let_leases_pass() -> None:
    Delivery.objects.filter(state=State.SENDING).update(lease_until=Now())


def assert_nothing_lost(sink: SinkProcess, notification: Notification, *, repeats: int) -> None:
    """One delivery for each, each accepted, repeats counted and told by their Message-ID."""
    people = Subscriber.objects.filter(page=notification.page).active().count()
    rows = Delivery.objects.filter(notification=notification)
    assert rows.count() == people
    assert set(rows.values_list("state", flat=True)) == {State.SENT}
    assert not rows.filter(attempts__gt=MAX_ATTEMPTS).exists()
    mails = sink.mails()
    assert len({mail["to"] for mail in mails}) == people
    assert len(mails) - people <= repeats
    assert len({(mail["to"], mail["id"]) for mail in mails}) == people


def test_a_worker_killed_twice_while_sending_to_2000_loses_nothing(
    crowd: Page, processes: Processes, sink: SinkProcess
):
    make_many(crowd, 2000)
    notification = tell(crowd)
    for count in (200, 900):
        worker = processes.start("mail")
        sent_at_least(sink, count)
        kill_while_sending(worker)
        let_leases_pass()
    processes.start("mail")
    all_settled()
    assert_nothing_lost(sink, notification, repeats=2)


def test_a_broker_emptied_while_sending_loses_nothing(
    crowd: Page, processes: Processes, sink: SinkProcess, redis: "Redis[bytes]"
):
    make_many(crowd, 600)
    notification = tell(crowd)
    processes.start("mail")
    sent_at_least(sink, 100)
    redis.flushall()
    wait_until(lambda: sink.count() >= 600, within=WITHIN_S, what="the rest, without wake-ups")
    all_settled()
    assert_nothing_lost(sink, notification, repeats=0)


@pytest.mark.parametrize("fault", [signal.SIGSTOP, signal.SIGKILL])
def test_news_is_written_at_once_and_mailed_while_the_broker_is_away(
    crowd: Page, processes: Processes, sink: SinkProcess, broker: Valkey, fault: signal.Signals
):
    make_many(crowd, 5)
    for name in ("mail", "default"):
        processes.start(name)
    assert broker.process
    broker.process.send_signal(fault)
    post = subprocess.run(
        [sys.executable, "-c", POST_NEWS, str(crowd.pk)],
        cwd=settings.BASE_DIR,
        env=processes.environment | {"DJANGO_SETTINGS_MODULE": "statuspage.settings"},
        capture_output=True,
        check=True,
        timeout=30,
    )
    assert float(post.stdout) < 1
    wait_until(lambda: sink.count() == 5, within=WITHIN_S, what="mails without a broker")
    all_settled()
    assert_nothing_lost(sink, Notification.objects.get(), repeats=0)


def test_a_worker_that_slept_through_its_lease_sends_nothing_of_it(
    crowd: Page, processes: Processes, sink: SinkProcess
):
    make_many(crowd, 400)
    notification = tell(crowd)
    sleeper = processes.start("mail")
    sent_at_least(sink, 50)
    os.kill(sleeper.pid, signal.SIGSTOP)
    try:
        let_leases_pass()
        other = Processes(processes.folder / "other")
        other.folder.mkdir()
        other.environment = processes.environment
        other.start("mail")
        try:
            all_settled()
            os.kill(sleeper.pid, signal.SIGCONT)
            all_settled()
        finally:
            other.stop()
    finally:
        os.kill(sleeper.pid, signal.SIGKILL)
    assert_nothing_lost(sink, notification, repeats=1)
