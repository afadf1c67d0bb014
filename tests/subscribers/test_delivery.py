"""What each answer of a mail server does to the delivery, the subscriber and the channel."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils.timezone import now

from accounts.models import User
from pages.models import Page
from subscribers import delivery, outbox, relay
from subscribers.models import ChannelPause, Delivery, Notification, Subscriber
from tests.factories import PageFactory
from tests.processes import wait_until
from tests.subscribers.factories import make_many, make_message, make_subscriber
from tests.subscribers.sink import SinkProcess

State = Delivery.State
# Leases and due times compare with the now() of a real transaction.
pytestmark = pytest.mark.django_db(transaction=True)


def tell(page: Page, title: str = "Payments fail") -> Notification:
    notification = outbox.enqueue(page=page, message=make_message(title), at=now())
    relay.fan_out_all()
    return notification


def send() -> None:
    delivery.run(Subscriber.Mode.EMAIL, seconds=10)


def in_thread(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def let_time_pass() -> None:
    """Everything that waits is due."""
    Delivery.objects.filter(state=State.PENDING).update(next_attempt_at=Now())
    ChannelPause.objects.update(paused_until=None)


def test_a_verified_subscriber_gets_one_mail(page: Page, sink: SinkProcess):
    make_subscriber(page, "ann@example.com")
    make_subscriber(page, "bob@example.com", verified=False)
    tell(page)
    send()
    assert sink.by_recipient() == {"ann@example.com": 1}
    row = Delivery.objects.get()
    assert row.state == State.SENT
    assert row.sent_at
    assert row.last_answer == "250 2.0.0 kept"


def test_greylisting_passes_on_the_third_attempt_and_delays_nobody(page: Page, sink: SinkProcess):
    grey = make_subscriber(page, "ann@grey.test")
    make_subscriber(page, "bob@example.com")
    tell(page)
    send()
    assert sink.by_recipient() == {"bob@example.com": 1}
    row = Delivery.objects.get(subscriber=grey)
    assert row.state == State.PENDING
    assert timedelta(seconds=20) < row.next_attempt_at - now() < timedelta(seconds=40)
    let_time_pass()
    send()
    let_time_pass()
    send()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.SENT, 3)


def test_a_missing_mailbox_fails_at_once_and_the_third_strike_quarantines(
    page: Page, sink: SinkProcess
):
    person = make_subscriber(page, "ann@gone.test")
    for strikes in (1, 2, 3):
        tell(page)
        send()
        person.refresh_from_db()
        assert person.bounces == strikes
        assert bool(person.quarantined_at) == (strikes == 3)
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.FAILED, 1)}
    tell(page)
    assert Delivery.objects.count() == 3


def test_an_acceptance_takes_strikes_back(page: Page, sink: SinkProcess):
    person = make_subscriber(page, "ann@example.com", bounces=2)
    tell(page)
    send()
    person.refresh_from_db()
    assert person.bounces == 0


@pytest.mark.parametrize(
    ("domain", "state", "attempts"),
    [
        ("closed.test", State.FAILED, 1),
        ("route.test", State.PENDING, 4),
        ("full.test", State.FAILED, 3),
        ("later.test", State.PENDING, 4),
    ],
)
def test_other_refusals_never_touch_the_subscriber(
    page: Page, sink: SinkProcess, domain: str, state: str, attempts: int
):
    person = make_subscriber(page, f"ann@{domain}")
    tell(page)
    for _ in range(4):
        send()
        let_time_pass()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (state, attempts)
    person.refresh_from_db()
    assert (person.bounces, person.quarantined_at) == (0, None)


def test_refused_content_rests_the_page_and_tells_operators_once(
    page: Page, owner: User, sink: SinkProcess
):
    make_subscriber(page, "bob@example.com")
    make_subscriber(page, "ann@content.test")
    notification = tell(page)
    for _ in range(5):
        send()
        let_time_pass()
    row = Delivery.objects.exclude(state=State.SENT).get(notification=notification)
    assert (row.state, row.attempts) == (State.FAILED, 3)
    assert Subscriber.objects.active().count() == 2
    notices = Notification.objects.filter(audience=Notification.Audience.OPERATORS)
    assert notices.count() == 1
    assert ChannelPause.objects.get().page == page
    relay.fan_out_all()
    send()
    assert sink.by_recipient() == {"bob@example.com": 1, owner.email: 1}


def test_a_page_all_of_whose_mail_is_refused_waits_for_somebody_to_mend_it(
    page: Page, sink: SinkProcess
):
    make_subscriber(page, "ann@content.test")
    tell(page)
    for _ in range(5):
        send()
        let_time_pass()
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == (State.PENDING, 5)


def test_a_page_that_rests_does_not_hold_another(page: Page, sink: SinkProcess):
    make_subscriber(page, "ann@content.test")
    other = PageFactory()
    make_subscriber(other, "bob@example.com")
    tell(page)
    send()
    tell(other)
    send()
    assert sink.by_recipient() == {"bob@example.com": 1}


@pytest.mark.parametrize("mode", ["421", "535", "sender"])
def test_a_server_that_refuses_us_pauses_the_channel_and_burns_no_attempt(
    page: Page, owner: User, sink: SinkProcess, settings, mode: str
):
    settings.EMAIL_URL = f"smtp://user:secret@127.0.0.1:{sink.port}"
    make_subscriber(page, "ann@example.com")
    make_subscriber(page, "bob@example.com")
    notification = tell(page)
    sink.misbehave(mode)
    for _ in range(3):
        send()
        let_time_pass()
    rows = Delivery.objects.filter(notification=notification)
    assert set(rows.values_list("state", "attempts")) == {(State.PENDING, 0)}
    pause = ChannelPause.objects.get()
    assert (pause.page, pause.strikes) == (None, 3)
    assert Notification.objects.filter(audience=Notification.Audience.OPERATORS).count() == 1
    sink.misbehave("")
    send()
    assert sink.by_recipient() == {"ann@example.com": 1, "bob@example.com": 1}
    pause.refresh_from_db()
    assert (pause.strikes, pause.paused_until) == (0, None)


def test_a_paused_channel_is_left_alone_for_longer_each_time(page: Page, sink: SinkProcess):
    make_subscriber(page, "ann@example.com")
    tell(page)
    sink.misbehave("421")
    rests = []
    for _ in range(8):
        send()
        rests.append((ChannelPause.objects.get().paused_until - now()).total_seconds())
        send()
        let_time_pass()
    assert rests == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60], abs=0.9)
    assert ChannelPause.objects.get().strikes == 8


def test_many_refused_recipients_are_our_fault_and_blame_nobody(page: Page, sink: SinkProcess):
    make_many(page, 60)
    Subscriber.objects.filter(page=page).update(bounces=2)
    tell(page)
    sink.misbehave("norcpt")
    send()
    assert not Subscriber.objects.filter(quarantined_at__isnull=False).exists()
    assert set(Subscriber.objects.values_list("bounces", flat=True)) == {2}
    assert ChannelPause.objects.get().page == page
    sink.misbehave("")
    let_time_pass()
    send()
    assert Delivery.objects.filter(state=State.SENT).count() == 60
    assert sink.count() == 60


def test_a_drop_before_the_handover_costs_a_retry(page: Page, sink: SinkProcess):
    make_subscriber(page, "ann@dropbefore.test")
    tell(page)
    send()
    assert sink.count() == 0
    let_time_pass()
    send()
    assert sink.count() == 1
    assert Delivery.objects.get().state == State.SENT


def test_a_drop_after_the_handover_repeats_once_with_the_same_message_id(
    page: Page, sink: SinkProcess
):
    make_subscriber(page, "ann@dropafter.test")
    tell(page)
    send()
    assert Delivery.objects.get().last_answer.startswith("uncertain")
    let_time_pass()
    send()
    first, second = sink.mails()
    assert first["id"] == second["id"]
    assert Delivery.objects.get().state == State.SENT


def test_a_server_that_limits_mails_per_connection_is_reconnected(page: Page, sink: SinkProcess):
    make_many(page, 70)
    tell(page)
    sink.misbehave("limit")
    send()
    assert sink.count() == 70
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


@pytest.mark.parametrize("title", ["two\nlines", "bell\x07", "line\u2028separator", "a" * 5 + "\r"])
def test_a_title_that_cannot_be_a_header_fails_its_own_deliveries_only(
    page: Page, sink: SinkProcess, title: str
):
    make_subscriber(page, "ann@example.com")
    poison = tell(page, title)
    tell(page, "Fine")
    send()
    row = Delivery.objects.get(notification=poison)
    assert (row.state, row.attempts) == (State.FAILED, 1)
    assert row.last_answer.startswith("render error")
    assert [mail["to"] for mail in sink.mails()] == ["ann@example.com"]


def test_an_address_that_cannot_be_read_fails_its_own_delivery_only(page: Page, sink: SinkProcess):
    broken = make_subscriber(page, "ann@example.com")
    other = make_subscriber(page, "bob@example.com")
    Subscriber.objects.filter(pk=broken.pk).update(address=other.address)
    tell(page)
    send()
    assert sink.by_recipient() == {"bob@example.com": 1}
    row = Delivery.objects.get(subscriber=broken)
    assert row.state == State.FAILED
    assert row.last_answer.startswith("unreadable")


def test_news_older_than_six_hours_is_not_sent(page: Page, sink: SinkProcess):
    make_subscriber(page, "ann@example.com")
    tell(page)
    Delivery.objects.update(created_at=now() - timedelta(hours=6, minutes=1))
    send()
    assert sink.count() == 0
    assert Delivery.objects.get().state == State.FAILED
    assert Delivery.objects.get().last_answer.startswith("expired")


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"unsubscribed_at": now()}, "unsubscribed"),
        ({"quarantined_at": now()}, "quarantined"),
    ],
)
def test_who_may_not_be_told_any_more_is_skipped_at_the_claim(
    page: Page, sink: SinkProcess, change: dict, answer: str
):
    make_subscriber(page, "ann@example.com")
    tell(page)
    Subscriber.objects.update(**change)
    send()
    assert sink.count() == 0
    row = Delivery.objects.get()
    assert (row.state, row.last_answer) == (State.SKIPPED, answer)


def test_an_archived_page_tells_nobody(page: Page, sink: SinkProcess):
    make_subscriber(page, "ann@example.com")
    tell(page)
    Page.objects.update(status=Page.State.ARCHIVED)
    send()
    assert sink.count() == 0
    assert Delivery.objects.get().last_answer == "page not published"


def test_unsubscribing_during_a_run_is_obeyed(page: Page, sink: SinkProcess):
    for n in range(4):
        make_subscriber(page, f"person{n}@slow.test")
    tell(page)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(in_thread, send)
        wait_until(lambda: sink.count() == 1, within=5, what="the first mail")
        Subscriber.objects.update(unsubscribed_at=now())
        running.result()
    # The one that was under way is not called back.
    assert sink.count() <= 2
    assert Delivery.objects.filter(state=State.SKIPPED, last_answer="unsubscribed").count() >= 2
