"""News that is held back: rewritten, withdrawn, sent early, and never overtaken."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models.functions import Now
from django.utils.timezone import now

from accounts.ids import new_id
from pages.models import Component, Page
from pages.versions import changing
from subscribers import outbox, relay
from subscribers.message import from_json
from subscribers.models import Delivery, Notification, Subscriber
from tests.factories import PageFactory
from tests.subscribers.factories import make_message, make_subscriber
from tests.subscribers.refusing import refused_rows

State = Delivery.State
HOLD = timedelta(seconds=30)


def tell(
    page: Page,
    topic: UUID,
    title: str = "Payments fail",
    *,
    hold: timedelta | None = HOLD,
    component_ids: list[UUID] | None = None,
) -> Notification:
    at = now()
    with changing(page.pk):
        return outbox.enqueue(
            page=page,
            message=make_message(title, topic=topic),
            at=at,
            component_ids=component_ids,
            hold_until=at + hold if hold else None,
        )


def rewrite(news: Notification, title: str = "Payments are late") -> bool:
    with changing(news.page_id):
        message = make_message(title, topic=news.topic)
        return outbox.rewrite_held(notification_id=news.pk, message=message)


def withdraw(news: Notification) -> bool:
    with changing(news.page_id):
        return outbox.withdraw_held(notification_id=news.pk)


def release(news: Notification) -> bool:
    with changing(news.page_id):
        return outbox.release_held(notification_id=news.pk)


VERBS = pytest.mark.parametrize("verb", [rewrite, withdraw, release])


def let_holds_pass() -> None:
    Notification.objects.filter(hold_until__isnull=False).update(hold_until=Now())


def titles_told() -> list[str]:
    """What is under way to whom, as titles."""
    rows = Delivery.objects.filter(state=State.PENDING).select_related("notification")
    return [from_json(row.notification.message).title["en"] for row in rows.order_by("pk")]


def test_only_the_last_text_of_held_news_is_sent(page: Page):
    make_subscriber(page, "ann@example.com")
    news = tell(page, uuid4(), "Paymets fail")
    until = news.hold_until
    assert rewrite(news, "Payments fal")
    assert rewrite(news, "Payments fail")
    assert relay.fan_out_all() == 0
    news.refresh_from_db()
    assert news.hold_until == until
    let_holds_pass()
    assert relay.fan_out_all() == 1
    assert titles_told() == ["Payments fail"]


def test_withdrawn_news_is_told_to_nobody(page: Page):
    make_subscriber(page, "ann@example.com")
    news = tell(page, uuid4())
    assert withdraw(news)
    assert not withdraw(news)
    assert relay.fan_out_all() == 0
    assert not Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_released_news_is_sent_at_once_behind_what_was_told_before_it(page: Page):
    make_subscriber(page, "ann@example.com")
    topic = uuid4()
    first, second = (tell(page, topic, title) for title in ("first", "second"))
    third = tell(page, topic, "third")
    assert release(second)
    assert relay.fan_out_all() == 2
    assert titles_told() == ["second"]
    assert Delivery.objects.get(notification=first).last_answer == "superseded"
    assert outbox.held_until([third.pk])


@VERBS
def test_what_is_on_its_way_cannot_be_changed(page: Page, verb: Callable[[Notification], bool]):
    make_subscriber(page, "ann@example.com")
    news = tell(page, uuid4(), hold=None)
    relay.fan_out_all()
    assert not verb(news)
    assert titles_told() == ["Payments fail"]
    news.refresh_from_db()
    assert from_json(news.message).title == {"en": "Payments fail"}


@VERBS
def test_what_is_gone_cannot_be_changed(page: Page, verb: Callable[[Notification], bool]):
    news = tell(page, uuid4())
    Notification.objects.all().delete()
    assert not verb(news)


def test_holds_need_the_lock_of_their_own_page(page: Page):
    news = tell(page, uuid4())
    other = PageFactory()
    with pytest.raises(RuntimeError), changing(other.pk):
        outbox.withdraw_held(notification_id=news.pk)
    with pytest.raises(RuntimeError):
        outbox.release_held(notification_id=news.pk)
    with pytest.raises(RuntimeError):
        outbox.rewrite_held(notification_id=news.pk, message=make_message("other"))
    kept = Notification.objects.get()
    assert kept.hold_until == news.hold_until
    assert from_json(kept.message) == from_json(news.message)


def test_what_is_held_is_known_until_it_leaves(page: Page):
    held, free, gone = tell(page, uuid4()), tell(page, uuid4(), hold=None), new_id()
    assert outbox.held_until([held.pk, free.pk, gone]) == {held.pk: held.hold_until}
    let_holds_pass()
    relay.fan_out_all()
    assert outbox.held_until([held.pk]) == {}
    assert outbox.held_until([]) == {}


def test_newer_news_of_a_story_takes_the_held_along(page: Page, component: Component):
    """Both leave in their order: who gets the newer one is not told the older one too."""
    both = make_subscriber(page, "ann@example.com")
    only_first = make_subscriber(page, "bob@example.com", component)
    topic = uuid4()
    first = tell(page, topic, "first", component_ids=[component.pk])
    second = tell(page, topic, "second", hold=None, component_ids=[])
    assert relay.fan_out_all() == 2
    pending = Delivery.objects.filter(state=State.PENDING)
    assert set(pending.values_list("subscriber_id", "notification_id")) == {
        (both.pk, second.pk),
        (only_first.pk, first.pk),
    }
    assert not withdraw(first)


def test_a_hold_is_shortened_to_the_newer_one_and_never_made_longer(page: Page):
    topic = uuid4()
    first = tell(page, topic, hold=timedelta(minutes=5))
    second = tell(page, topic, hold=timedelta(minutes=1))
    third = tell(page, topic, hold=timedelta(minutes=2))
    until = outbox.held_until([first.pk, second.pk, third.pk])
    assert until == {
        first.pk: second.hold_until,
        second.pk: second.hold_until,
        third.pk: third.hold_until,
    }


def test_other_stories_and_other_news_stay_held(page: Page):
    others = [tell(page, uuid4()), tell(PageFactory(), uuid4())]
    notice = outbox.enqueue(page=page, message=make_message(), at=now(), hold_until=now() + HOLD)
    tell(page, uuid4(), hold=None)
    assert outbox.held_until([news.pk for news in (*others, notice)]).keys() == {
        others[0].pk,
        others[1].pk,
        notice.pk,
    }


def test_a_withdrawn_place_in_a_story_is_given_again(page: Page):
    topic = uuid4()
    tell(page, topic, hold=None)
    relay.fan_out_all()
    assert withdraw(tell(page, topic))
    assert tell(page, topic).sequence == 2


def test_news_whose_fan_out_failed_can_be_withdrawn(page: Page):
    make_subscriber(page, "ann@example.com")
    news = tell(page, uuid4(), hold=None)
    with refused_rows("subscribers_delivery", page):
        relay.fan_out_all()
    assert outbox.held_until([news.pk])
    assert withdraw(news)
    assert relay.fan_out_all() == 0


def test_newer_news_tries_the_failed_again_before_it(page: Page):
    make_subscriber(page, "ann@example.com")
    topic = uuid4()
    first = tell(page, topic, "first", hold=None)
    with refused_rows("subscribers_delivery", page):
        relay.fan_out_all()
    tell(page, topic, "second", hold=None)
    assert relay.fan_out_all() == 2
    assert titles_told() == ["second"]
    assert Delivery.objects.get(notification=first).state == State.SKIPPED


def test_failing_news_does_not_hold_up_the_newer(page: Page):
    """Both fail and are put off; neither is tried again within the same run."""
    make_subscriber(page, "ann@example.com")
    topic = uuid4()
    told = [tell(page, topic, title, hold=None) for title in ("first", "second")]
    with refused_rows("subscribers_delivery", page):
        assert relay.fan_out_all() == 2
    assert outbox.held_until([news.pk for news in told]).keys() == {news.pk for news in told}
    let_holds_pass()
    relay.fan_out_all()
    assert titles_told() == ["second"]


def test_deleting_the_held_takes_nothing_else_along(page: Page):
    person = make_subscriber(page, "ann@example.com")
    kept = tell(page, uuid4(), hold=None)
    relay.fan_out_all()
    withdraw(tell(page, uuid4()))
    assert Subscriber.objects.get() == person
    assert Notification.objects.get() == kept
    assert Delivery.objects.count() == 1
