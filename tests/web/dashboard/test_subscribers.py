"""Subscribers and what was sent to them."""

from django.test import Client
from django.utils.timezone import now

from pages.models import Component, Page
from subscribers.models import Delivery, Notification, Subscriber
from subscribers.outbox import enqueue, enqueue_for_operators
from subscribers.relay import fan_out_all
from tests.subscribers.factories import make_many, make_message, make_subscriber
from tests.web.dashboard.conftest import address


def test_the_list_counts_and_names_everybody(
    desk: Client, page: Page, component: Component
) -> None:
    make_subscriber(page, "all@example.com")
    make_subscriber(page, "one@example.com", component)
    make_subscriber(page, "new@example.com", verified=False)
    make_subscriber(page, "bounced@example.com", quarantined_at=now())
    make_subscriber(page, "gone@example.com", unsubscribed_at=now())

    answer = desk.get(address("subscribers", page))

    assert answer.context["counts"] == {
        "total": 4,
        "verified": 2,
        "pending": 1,
        "quarantined": 1,
    }
    html = answer.content.decode()
    for text in ("one@example.com", "Website", "Pending", "Quarantined", "Unsubscribed"):
        assert text in html


def test_an_address_whose_key_is_gone_does_not_break_the_list(desk: Client, page: Page) -> None:
    make_subscriber(page, "a@example.com")
    Subscriber.objects.update(address=b"\x01nonsense")

    assert "unreadable address" in desk.get(address("subscribers", page)).content.decode()


def test_an_empty_list_says_how_people_subscribe(desk: Client, page: Page) -> None:
    assert "No subscribers yet" in desk.get(address("subscribers", page)).content.decode()


def test_a_long_list_is_paged_and_any_number_is_a_page(desk: Client, page: Page) -> None:
    make_many(page, 51)
    url = address("subscribers", page)

    assert "51\N{EN DASH}51 of 51" in desk.get(url + "?screen=2").content.decode()
    for odd in ("999", "-1", "x", "\x00"):
        assert desk.get(url, {"screen": odd}).status_code == 200


def send(page: Page, *, state: str) -> Notification:
    make_subscriber(page, "a@example.com")
    make_subscriber(page, "b@example.com")
    notification = enqueue(page=page, message=make_message("Payments fail"), at=now())
    fan_out_all()
    Delivery.objects.update(state=state, sent_at=now(), last_answer="250 OK")
    return notification


def test_deliveries_are_counted_by_state(desk: Client, page: Page) -> None:
    send(page, state="sent")

    html = desk.get(address("deliveries", page)).content.decode()

    assert "Payments fail" in html
    assert 'data-label="Delivered:">2<' in html
    assert 'data-label="Took:">0 s<' in html


def test_a_delivery_names_recipients_and_answers(desk: Client, page: Page) -> None:
    notification = send(page, state="failed")

    html = desk.get(address("delivery", page, notification)).content.decode()

    for text in ("a@example.com", "b@example.com", "250 OK", "Failed: 2"):
        assert text in html


def test_recipients_can_be_filtered_by_state(desk: Client, page: Page) -> None:
    url = address("delivery", page, send(page, state="sent"))

    assert "a@example.com" in desk.get(url + "?state=sent").content.decode()
    assert "a@example.com" not in desk.get(url + "?state=failed").content.decode()
    assert "a@example.com" in desk.get(url + "?state=nonsense").content.decode()


def test_notices_to_operators_are_listed_too(desk: Client, page: Page) -> None:
    notification = enqueue_for_operators(page=page, message=make_message("Look"), at=now())
    fan_out_all()

    html = desk.get(address("delivery", page, notification)).content.decode()

    assert "operators of the page" in html


def test_mail_to_one_subscriber_is_not_in_the_list(desk: Client, page: Page) -> None:
    Notification.objects.create(page=page, kind="verification", message={}, audience="subscriber")

    assert "Nothing was sent yet" in desk.get(address("deliveries", page)).content.decode()
