"""Work gets done although no wake-up arrives."""

from django.utils.timezone import now

from statuspage.sweeps import Overdue
from statuspage.timetable import Tick
from subscribers.actions import request_subscription
from subscribers.models import Delivery, SubscriptionRequest
from tests.faults.hanging import hanging
from tests.processes import wait_until
from web import heartbeats

TICKS = [Tick("often", 1), Tick("seldom", 60)]


def test_a_tick_is_overdue_after_its_period_and_some_patience():
    overdue = Overdue(TICKS, at=0)
    assert overdue.at(3.9) == []
    assert overdue.at(4.1) == ["often"]
    assert overdue.at(63.1) == ["often", "seldom"]


def test_a_tick_that_ran_is_due_a_period_later():
    overdue = Overdue(TICKS, at=0)
    overdue.begin("often", at=10)
    overdue.end("often", at=11)
    assert overdue.at(14.9) == []
    assert overdue.at(15.1) == ["often"]


def test_what_is_still_running_is_not_started_again():
    overdue = Overdue(TICKS, at=0)
    overdue.begin("often", at=10)
    assert "often" not in overdue.at(1000)


def test_tasks_that_are_no_ticks_are_nobodys_concern():
    overdue = Overdue(TICKS, at=0)
    overdue.begin("else", at=1)
    overdue.end("else", at=2)
    assert overdue.at(2) == []


def test_without_beat_a_worker_does_what_is_due_and_shows_that_it_lives(processes, page):
    request_subscription(page=page, email="ada@example.com", component_ids=(), at=now())
    processes.start("default")
    wait_until(
        lambda: not SubscriptionRequest.objects.exists(), within=30, what="the request's decision"
    )
    wait_until(
        lambda: any(name.startswith("default@") for name in heartbeats.ages(at=now()).workers),
        within=20,
        what="the worker's sign of life",
    )


def test_while_valkey_hangs_mail_still_goes_out(processes, page, redis):
    processes.start("default")
    processes.start("mail")
    wait_until(lambda: len(heartbeats.ages(at=now()).workers) == 2, within=40, what="both workers")
    with hanging(redis):
        request_subscription(page=page, email="ada@example.com", component_ids=(), at=now())
        wait_until(
            lambda: Delivery.objects.filter(state=Delivery.State.SENT).exists(),
            within=30,
            what="the mail",
        )


def test_two_beats_and_two_of_a_worker_do_everything_once(processes, page, tmp_path):
    for number in (1, 2):
        processes.start("beat", DATA_DIR=str(tmp_path / f"beat-{number}"))
        processes.start("default")
        processes.start("mail")
    wait_until(lambda: heartbeats.ages(at=now()).beat, within=40, what="the first tick")
    for name in ("ada", "grace", "edith"):
        request_subscription(page=page, email=f"{name}@example.com", component_ids=(), at=now())
    sent = Delivery.objects.filter(state=Delivery.State.SENT)
    wait_until(lambda: sent.count() >= 3, within=30, what="the mails")
    wait_until(lambda: heartbeats.ages(at=now()).beat < 1, within=10, what="more ticks")
    assert Delivery.objects.count() == 3
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {1}
