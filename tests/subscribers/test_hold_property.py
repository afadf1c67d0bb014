"""Any sequence of telling, editing, undoing, releasing and waiting keeps a story in order."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages.models import Component, Page
from subscribers import relay
from subscribers.models import Delivery, Notification
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_subscriber
from tests.subscribers.test_holds import release, rewrite, tell, withdraw

State = Delivery.State

STEPS = st.one_of(
    st.tuples(st.just("tell"), st.integers(0, 40), st.sampled_from([None, (0,), (1,), (0, 1)])),
    st.tuples(st.sampled_from(["edit", "undo", "release"]), st.integers(0, 9)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
)


class Story:
    """One topic, and what became of each message told in it."""

    def __init__(self, page: Page, components: list[Component]) -> None:
        self.page = page
        self.components = components
        self.topic = uuid4()
        self.told: list[Notification] = []
        self.undone: list[Notification] = []

    def tell(self, hold: int, chosen: tuple[int, ...] | None) -> None:
        ids = None if chosen is None else [self.components[n].pk for n in chosen]
        self.told.append(
            tell(self.page, self.topic, hold=timedelta(seconds=hold) or None, component_ids=ids)
        )

    def edit(self, n: int) -> None:
        if n < len(self.told):
            assert rewrite(self.told[n]) is self.is_unsent(n)

    def undo(self, n: int) -> None:
        if n < len(self.told):
            was_unsent = self.is_unsent(n)
            assert withdraw(self.told[n]) is was_unsent
            if was_unsent:
                self.undone.append(self.told.pop(n))

    def release(self, n: int) -> None:
        if n < len(self.told):
            assert release(self.told[n]) is self.is_unsent(n)

    def wait(self, seconds: int) -> None:
        """Time passes for the holds, and the relay runs."""
        held = Notification.objects.filter(topic=self.topic, hold_until__isnull=False)
        held.update(hold_until=F("hold_until") - timedelta(seconds=seconds))
        relay.fan_out_all()

    def is_unsent(self, n: int) -> bool:
        return Notification.objects.unsent().filter(pk=self.told[n].pk).exists()

    def assert_in_order(self) -> None:
        rows = Notification.objects.filter(topic=self.topic).order_by("sequence")
        left = [row.fanned_out_at is not None for row in rows]
        assert left == sorted(left, reverse=True)
        assert [row.pk for row in rows] == [news.pk for news in self.told]
        deliveries = Delivery.objects.filter(notification__in=rows)
        pending = list(deliveries.filter(state=State.PENDING).values_list("subscriber", flat=True))
        assert len(pending) == len(set(pending))

    def assert_told_at_last(self) -> None:
        """Each is told the newest message that concerns them, and no other."""
        assert not Delivery.objects.filter(notification__in=self.undone).exists()
        rows = Delivery.objects.filter(notification__in=self.told).order_by(
            "notification__sequence"
        )
        newest = {row.subscriber_id: row for row in rows}
        for row in rows:
            is_last = newest[row.subscriber_id].pk == row.pk
            assert row.state == (State.PENDING if is_last else State.SKIPPED)


@pytest.fixture
def components(page: Page, component: Component) -> list[Component]:
    two = [component, ComponentFactory(page=page)]
    make_subscriber(page, "all@example.com")
    for n, one in enumerate(two):
        make_subscriber(page, f"only{n}@example.com", one)
    return two


@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, max_size=12))
def test_a_story_is_told_in_order_and_once(
    page: Page, components: list[Component], steps: list[tuple]
):
    story = Story(page, components)
    for name, *values in steps:
        getattr(story, name)(*values)
        story.assert_in_order()
    story.wait(60)
    story.assert_in_order()
    story.assert_told_at_last()
