"""Undo against the relay, on two connections: nobody is told, or everybody is."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from threading import Barrier, Event
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection, transaction

from pages.models import Page
from subscribers import relay
from subscribers.models import Delivery, Notification
from tests.processes import Processes, wait_until
from tests.subscribers.factories import make_many
from tests.subscribers.test_holds import release, rewrite, tell, titles_told, withdraw

WITHIN_S = 10
PEOPLE = 20
ROUNDS = 15
pytestmark = pytest.mark.django_db(transaction=True)

DIE_IN_THE_MIDST = """
import django, os, signal
django.setup()
from django.db import transaction
from subscribers import relay
with transaction.atomic():
    assert relay.fan_out_next()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def _people(page: Page) -> None:
    make_many(page, PEOPLE)


def on_a_connection(call: Callable[[], object]) -> object:
    try:
        return call()
    finally:
        connection.close()


def at_once(*calls: Callable[[], object]) -> list[object]:
    """The answers of calls that start together, each on a connection of its own."""
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        start.wait(timeout=WITHIN_S)
        return on_a_connection(call)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@contextmanager
def relay_in_the_midst(pool: ThreadPoolExecutor) -> Iterator[None]:
    """Another worker has fanned out, and commits at the end of the block."""
    begun, finish = Event(), Event()

    def work() -> None:
        with transaction.atomic():
            assert relay.fan_out_next()
            begun.set()
            assert finish.wait(timeout=WITHIN_S)

    worker = pool.submit(on_a_connection, work)
    try:
        assert begun.wait(timeout=WITHIN_S)
        yield
    finally:
        finish.set()
    worker.result(timeout=WITHIN_S)


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def held(page: Page, topic: UUID | None = None) -> Notification:
    """News whose hold has passed: the relay and an operator may both reach for it."""
    return tell(page, topic or uuid4(), hold=timedelta(seconds=-1))


@pytest.mark.parametrize("verb", [rewrite, withdraw, release])
def test_what_comes_while_the_relay_works_waits_and_comes_too_late(
    page: Page, verb: Callable[[Notification], bool]
):
    news = held(page)
    with ThreadPoolExecutor(2) as pool:
        with relay_in_the_midst(pool):
            late: Future[object] = pool.submit(on_a_connection, lambda: verb(news))
            wait_until(waits_for_a_lock, within=WITHIN_S, what="the verb waits for the relay")
        assert late.result(timeout=WITHIN_S) is False
    assert titles_told() == ["Payments fail"] * PEOPLE


def test_the_relay_passes_over_what_is_just_withdrawn(page: Page):
    news = held(page)
    with transaction.atomic():
        assert withdraw(news)
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(on_a_connection, relay.fan_out_all).result(timeout=WITHIN_S) == 0
    assert relay.fan_out_all() == 0
    assert not Delivery.objects.exists()


def test_undo_and_relay_at_once_tell_nobody_or_everybody(page: Page):
    for _ in range(ROUNDS):
        news = held(page)
        undone, _count = at_once(lambda news=news: withdraw(news), relay.fan_out_all)
        told = Delivery.objects.filter(notification_id=news.pk).count()
        assert told == (0 if undone else PEOPLE)
        assert Notification.objects.filter(pk=news.pk).exists() is not undone


def test_of_two_that_undo_at_once_one_succeeds(page: Page):
    news = tell(page, uuid4())
    answers = at_once(lambda: withdraw(news), lambda: withdraw(news))
    assert sorted(map(bool, answers)) == [False, True]
    assert not Notification.objects.exists()


def test_editing_and_relay_at_once_send_one_text_to_all(page: Page):
    for _ in range(ROUNDS):
        news = held(page)
        edited, _count = at_once(lambda news=news: rewrite(news, "edited"), relay.fan_out_all)
        relay.fan_out_all()
        news.refresh_from_db()
        assert (news.message["title"]["en"] == "edited") is edited
        assert Delivery.objects.filter(notification=news).count() == PEOPLE


def test_newer_news_does_not_wait_for_the_relay(page: Page):
    """Posting an update costs the same while ten thousand are told of the one before."""
    topic = uuid4()
    older = held(page, topic)
    with ThreadPoolExecutor(1) as pool, relay_in_the_midst(pool):
        newer = tell(page, topic, "newer", hold=None)
    relay.fan_out_all()
    assert titles_told() == ["newer"] * PEOPLE
    assert set(Delivery.objects.filter(notification=older).values_list("state", "last_answer")) == {
        ("skipped", "superseded")
    }
    assert newer.sequence == 2


@pytest.mark.parametrize("undone", [True, False])
def test_a_relay_killed_in_the_midst_leaves_the_news_as_it_was(
    page: Page, processes: Processes, undone: bool
):
    news = held(page)
    killed = subprocess.run(
        [sys.executable, "-c", DIE_IN_THE_MIDST],
        cwd=settings.BASE_DIR,
        env=processes.environment | {"DJANGO_SETTINGS_MODULE": "statuspage.settings"},
        check=False,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    assert not Delivery.objects.exists()
    if undone:
        assert withdraw(news)
    relay.fan_out_all()
    assert Delivery.objects.count() == (0 if undone else PEOPLE)
