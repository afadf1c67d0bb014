"""What a sign-up means, by what is known of the address. Only the mailbox learns it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from pages.models import Component, Page
from subscribers import actions, tokens, vault
from subscribers.models import Notification, Subscriber, SubscriptionRequest
from subscribers.requests import decide_all
from tests.factories import PageFactory
from tests.subscribers.factories import make_subscriber
from tests.subscribers.refusing import refused_rows

ADDRESS = "ann@example.com"


def ask(page: Page, *components: Component, address: str = ADDRESS, at=None) -> None:
    at = at or now()
    chosen = [component.pk for component in components]
    actions.request_subscription(page=page, email=address, component_ids=chosen, at=at)
    decide_all(at=at)


def kinds() -> list[str]:
    return list(Notification.objects.order_by("created_at", "id").values_list("kind", flat=True))


def verify() -> Subscriber | None:
    mail = Notification.objects.filter(kind="verification").latest("created_at", "id")
    return actions.verify(vault.secret_of(mail), at=now())


def test_a_new_address_is_unverified_until_its_mailbox_confirms(page: Page):
    ask(page)
    assert kinds() == ["verification"]
    subscriber = Subscriber.objects.get()
    assert subscriber.verified_at is None
    assert not Subscriber.objects.active().exists()
    assert not SubscriptionRequest.objects.exists()
    assert verify() == subscriber
    assert kinds() == ["verification", "welcome"]
    assert Subscriber.objects.active().get() == subscriber


def test_nothing_readable_of_address_or_token_is_stored(page: Page):
    ask(page)
    mail = Notification.objects.get()
    token = vault.secret_of(mail)
    assert len(token) == 64
    subscriber = Subscriber.objects.get()
    stored = b"".join(
        bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
        for row in (mail, subscriber)
        for value in vars(row).values()
    )
    assert b"ann@" not in stored
    assert token.encode() not in stored
    assert bytes(subscriber.verification_hash or b"") == tokens.digest(token)


def test_every_spelling_is_one_subscriber(page: Page):
    for address in (ADDRESS, "ANN@EXAMPLE.COM", "Ann@exa\uff4dple.com"):
        ask(page, address=address, at=now() + timedelta(hours=2))
    assert Subscriber.objects.count() == 1


def test_an_address_may_follow_several_pages(page: Page):
    ask(page)
    ask(PageFactory())
    assert Subscriber.objects.count() == 2


def test_a_known_address_is_offered_to_manage_and_keeps_its_selection(
    page: Page, component: Component
):
    make_subscriber(page, ADDRESS)
    ask(page, component)
    assert kinds() == ["manage"]
    assert Subscriber.objects.get().follows_all


def test_an_unsubscribed_address_must_confirm_again(page: Page):
    make_subscriber(page, ADDRESS, unsubscribed_at=now())
    ask(page)
    assert kinds() == ["verification"]
    assert not Subscriber.objects.active().exists()
    verify()
    assert Subscriber.objects.active().exists()


def test_confirming_ends_a_quarantine(page: Page):
    make_subscriber(page, ADDRESS, quarantined_at=now(), bounces=3)
    ask(page)
    subscriber = verify()
    assert subscriber
    assert (subscriber.quarantined_at, subscriber.bounces) == (None, 0)


def test_a_mailbox_gets_one_answer_an_hour_and_three_a_day(page: Page):
    begun = now()
    for minutes in range(0, 24 * 60, 20):
        ask(page, at=begun + timedelta(minutes=minutes))
    assert len(kinds()) == 3
    ask(page, at=begun + timedelta(days=1, hours=3))
    assert len(kinds()) == 4


def test_a_newer_link_ends_the_older_one(page: Page):
    ask(page)
    first = vault.secret_of(Notification.objects.get())
    ask(page, at=now() + timedelta(hours=1, minutes=1))
    assert actions.verify(first, at=now()) is None
    assert verify()


def test_a_link_confirms_once(page: Page):
    ask(page)
    assert verify()
    assert verify() is None


def test_a_selection_is_taken_and_foreign_components_are_not(page: Page, component: Component):
    foreign = Component.objects.create(page=PageFactory(), name="Foreign", slug="foreign")
    ask(page, component, foreign)
    subscriber = Subscriber.objects.get()
    assert list(subscriber.components.all()) == [component]
    assert not subscriber.follows_all


def test_a_selection_that_was_deleted_meanwhile_is_not_everything(page: Page, component: Component):
    actions.request_subscription(page=page, email=ADDRESS, component_ids=[component.pk], at=now())
    component.delete()
    decide_all(at=now())
    assert not Subscriber.objects.get().follows_all
    with pytest.raises(ValueError, match="not on this page"):
        actions.request_subscription(
            page=page, email=ADDRESS, component_ids=[component.pk], at=now()
        )


def test_losing_the_only_component_is_not_following_everything(page: Page, component: Component):
    make_subscriber(page, ADDRESS, component)
    component.delete()
    assert not Subscriber.objects.get().follows_all


@pytest.mark.parametrize("known", [{}, {"verified": False}, {"unsubscribed_at": now()}, None])
def test_asking_does_the_same_work_for_every_address(page: Page, known: dict | None):
    if known is not None:
        make_subscriber(page, ADDRESS, **known)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        actions.request_subscription(page=page, email=ADDRESS, component_ids=(), at=now())
    assert [query["sql"].split()[0] for query in queries] == ["SAVEPOINT", "INSERT", "RELEASE"]


def test_a_request_that_cannot_be_read_is_dropped_and_others_go_on(page: Page):
    actions.request_subscription(page=page, email=ADDRESS, component_ids=(), at=now())
    SubscriptionRequest.objects.update(address=b"\x01nonsense")
    ask(page, address="bob@example.com")
    assert Subscriber.objects.count() == 1
    assert not SubscriptionRequest.objects.exists()


def test_a_request_that_cannot_be_answered_does_not_hold_up_the_rest(page: Page):
    other = PageFactory()
    asked_at = now()
    actions.request_subscription(page=page, email=ADDRESS, component_ids=(), at=asked_at)
    actions.request_subscription(page=other, email=ADDRESS, component_ids=(), at=asked_at)
    with refused_rows("subscribers_subscriber", page):
        assert decide_all(at=asked_at) == 2
    assert Subscriber.objects.get().page == other
    assert decide_all(at=asked_at) == 0
    assert decide_all(at=asked_at + timedelta(minutes=1)) == 1
    assert Subscriber.objects.filter(page=page).exists()
