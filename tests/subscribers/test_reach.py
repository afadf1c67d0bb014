"""How many would be told: the same people whom the fan-out tells."""

import random
from collections import Counter
from uuid import UUID

import pytest
from django.utils.timezone import now

from pages.models import Component, Page
from subscribers import audience, outbox, relay
from subscribers.models import Delivery
from tests.factories import ComponentFactory, PageFactory
from tests.subscribers.factories import make_message, make_subscriber


@pytest.fixture
def crowd(page: Page, component: Component) -> list[Component]:
    """Everybody there can be, following everything or any choice of three components."""
    chance = random.Random(3)
    components = [component, ComponentFactory(page=page), ComponentFactory(page=page)]
    conditions = [
        {},
        {"quarantined_at": now()},
        {"unsubscribed_at": now()},
        {"verified": False},
        {"quarantined_at": now(), "unsubscribed_at": now()},
    ]
    for n in range(60):
        chosen = chance.sample(components, chance.randrange(4))
        make_subscriber(page, f"person{n}@example.com", *chosen, **chance.choice(conditions))
    make_subscriber(PageFactory(), "foreign@example.com")
    return components


@pytest.mark.parametrize("chosen", [None, (), (0,), (1, 2), (0, 1, 2)])
def test_reach_is_what_the_fan_out_delivers(
    page: Page, crowd: list[Component], chosen: tuple[int, ...] | None
):
    ids = None if chosen is None else [crowd[n].pk for n in chosen]
    expected = audience.reach(page, ids)
    outbox.enqueue(page=page, message=make_message(), at=now(), component_ids=ids)
    relay.fan_out_all()
    told = Counter(Delivery.objects.values_list("channel", flat=True))
    assert expected.by_mode == told
    assert expected.total == Delivery.objects.count() > 0
    assert expected.left_out == page.subscribers.active().count() - expected.total
    page.subscribers.update(quarantined_at=None)
    assert audience.reach(page, ids).total == expected.total + expected.quarantined


def test_reach_of_nobody_is_zero(page: Page):
    make_subscriber(PageFactory(), "foreign@example.com")
    reach = audience.reach(page)
    assert (reach.by_mode, reach.total, reach.quarantined, reach.left_out) == ({}, 0, 0, 0)


def test_who_chose_a_foreign_component_is_not_reached_by_it(page: Page, component: Component):
    make_subscriber(page, "ann@example.com", component)
    foreign: UUID = ComponentFactory(page=PageFactory()).pk
    reach = audience.reach(page, [foreign])
    assert (reach.total, reach.left_out) == (0, 1)


@pytest.mark.parametrize("everything", [True, False])
def test_reach_takes_two_queries(
    page: Page, crowd: list[Component], django_assert_num_queries, everything: bool
):
    ids = None if everything else [component.pk for component in crowd]
    with django_assert_num_queries(2):
        audience.reach(page, ids)
