"""How long it is kept what was told to whom."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from pages.models import Page
from subscribers import outbox, relay, retention, tokens
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


def test_the_token_of_a_mail_that_was_never_sent_is_wiped(page: Page, editor: User):
    """A token that can still be sent stays; one whose mail has ended unsent does not."""
    rows = {}
    for state in [*Delivery.State, None]:
        rows[state] = outbox.enqueue_for_operator(
            page=page, operator=editor, message=make_message(), at=now(), secret=tokens.new()
        )
    relay.fan_out_all()
    for state, row in rows.items():
        deliveries = Delivery.objects.filter(notification=row)
        if state:
            deliveries.update(state=state)
        else:
            deliveries.delete()
            Notification.objects.filter(pk=row.pk).update(fanned_out_at=None)
    assert retention.forget_old(at=now()) == 0
    kept = Notification.objects.filter(secret__isnull=False).values_list("pk", flat=True)
    assert set(kept) == {rows[state].pk for state in ("pending", "sending", None)}
