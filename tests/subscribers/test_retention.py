"""How long it is kept what was told to whom."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from pages.models import Page
from subscribers import outbox, relay, retention
from subscribers.models import Delivery, Notification, Subscriber
from tests.subscribers.factories import make_many, make_message


def test_what_was_told_is_forgotten_after_90_days(page: Page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    make_many(page, 3)
    at = now()
    for days in (91, 91, 89):
        outbox.enqueue(page=page, message=make_message(), at=at - timedelta(days=days))
    relay.fan_out_all()
    assert retention.forget_old(at=at) == 2 + 2 * 3
    kept = Notification.objects.get()
    assert kept.created_at == at - timedelta(days=89)
    assert set(Delivery.objects.values_list("notification_id", flat=True)) == {kept.pk}
    assert Subscriber.objects.count() == 3
    assert retention.forget_old(at=at) == 0
