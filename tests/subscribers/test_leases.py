"""Who may send what, for how long, and in whose turn."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models.functions import Now
from django.utils.timezone import now

from pages.models import Page
from pages.versions import changing
from subscribers import leases, outbox, relay
from subscribers.models import Delivery, Subscriber
from tests.factories import PageFactory
from tests.subscribers.factories import make_many, make_message

EMAIL = Subscriber.Mode.EMAIL
State = Delivery.State
pytestmark = pytest.mark.django_db(transaction=True)


def tell(page: Page, count: int) -> None:
    make_many(page, count)
    outbox.enqueue(page=page, message=make_message(), at=now())
    relay.fan_out_all()


def test_two_workers_never_hold_the_same_delivery(page: Page):
    tell(page, 8)
    first, second = leases.claim(EMAIL, limit=5), leases.claim(EMAIL, limit=5)
    assert first
    assert second
    assert len(first.ids) == 5
    assert len(second.ids) == 3
    assert not set(first.ids) & set(second.ids)
    assert leases.claim(EMAIL, limit=5) is None


def test_older_news_that_is_fanned_out_late_is_superseded(page: Page):
    make_many(page, 1)
    message = make_message(topic=uuid4())
    with changing(page.pk):
        older, newer = (
            outbox.enqueue(page=page, message=message, at=now() - timedelta(seconds=age))
            for age in (0, 1)
        )
    assert relay.fan_out_all() == 2
    lease = leases.claim(EMAIL, limit=5)
    assert lease
    answers = dict(Delivery.objects.values_list("notification_id", "last_answer"))
    assert answers == {older.pk: "superseded", newer.pk: ""}


def test_pages_take_turns(page: Page):
    other = PageFactory()
    tell(page, 40)
    tell(other, 3)
    lease = leases.claim(EMAIL, limit=6)
    assert lease
    rows = Delivery.objects.filter(pk__in=lease.ids, page=other)
    assert rows.count() == 3


def test_what_is_released_counts_no_attempt(page: Page):
    tell(page, 2)
    lease = leases.claim(EMAIL, limit=5)
    assert lease
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.SENDING, 1)}
    lease.release()
    assert set(Delivery.objects.values_list("state", "attempts")) == {(State.PENDING, 0)}


def test_a_lease_that_passed_is_lost_to_its_holder_and_due_for_others(page: Page):
    tell(page, 2)
    lost = leases.claim(EMAIL, limit=5)
    assert lost
    Delivery.objects.update(lease_until=Now())
    lost.look_again()
    assert not any(map(lost.holds, lost.ids))
    leases.take_back_expired()
    taken = leases.claim(EMAIL, limit=5)
    assert taken
    assert taken.ids == lost.ids
    lost.release()
    assert set(Delivery.objects.values_list("lease_token", flat=True)) == {taken.token}


def test_a_lease_from_before_the_clock_was_set_back_is_no_lease(page: Page):
    tell(page, 1)
    leases.claim(EMAIL, limit=5)
    Delivery.objects.update(lease_until=Now() + timedelta(hours=1))
    leases.take_back_expired()
    assert Delivery.objects.get().state == State.PENDING


def test_a_delivery_that_ends_its_workers_is_tried_alone_and_given_up(page: Page):
    tell(page, 3)
    for _ in range(leases.SUSPECT_AFTER):
        assert leases.claim(EMAIL, limit=5)
        Delivery.objects.update(lease_until=Now())
        leases.take_back_expired()
    for _ in range(leases.MAX_ATTEMPTS - leases.SUSPECT_AFTER):
        lease = leases.claim(EMAIL, limit=5)
        assert lease
        assert len(lease.ids) == 1
        Delivery.objects.filter(pk=lease.ids[0]).update(lease_until=Now())
        leases.take_back_expired()
        Delivery.objects.filter(pk__gt=lease.ids[0]).delete()
        Delivery.objects.filter(pk__lt=lease.ids[0]).delete()
    last = leases.claim(EMAIL, limit=5)
    assert last
    assert not last.holds(last.ids[0])
    row = Delivery.objects.get()
    assert (row.state, row.last_answer) == (State.FAILED, "gave up: interrupted")
