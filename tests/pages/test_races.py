"""Two connections at once: the page's lock puts them one behind the other."""

from threading import Event

import pytest
from django.db import OperationalError, connection, connections, transaction

from accounts.actor import SYSTEM
from pages import actions, claims, days
from pages.models import Component, DayMetric, Page
from pages.sources import CHECKS, MANUAL
from pages.status import Status
from pages.versions import changing
from tests.factories import PageFactory
from tests.pages.races import PATIENCE_S, at_once
from tests.pages.timeline import (
    assert_claims_in_turn,
    assert_whole,
    minute,
    new_component,
    say,
)

pytestmark = pytest.mark.django_db(transaction=True)

UP, DEGRADED, MAJOR = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR


@pytest.fixture
def api(page: Page) -> Component:
    return new_component(page)


def version(page: Page) -> int:
    return Page.objects.get(pk=page.pk).version


def test_a_second_change_waits_for_the_first_to_commit(page, api) -> None:
    entered, release = Event(), Event()
    order: list[str] = []

    def first() -> None:
        with changing(page.pk):
            entered.set()
            assert release.wait(PATIENCE_S)
            order.append("first")

    def second() -> None:
        assert entered.wait(PATIENCE_S)
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        with pytest.raises(OperationalError), changing(page.pk):
            pass
        with connections["default"].cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
        release.set()
        with changing(page.pk):
            order.append("second")

    before = version(page)
    at_once(first, second)
    assert order == ["first", "second"]
    assert version(page) == before + 2


def test_readers_and_rows_that_refer_to_the_page_do_not_wait(page, api) -> None:
    held, done = Event(), Event()

    def change() -> None:
        with changing(page.pk):
            held.set()
            assert done.wait(PATIENCE_S)

    def read_and_refer() -> None:
        assert held.wait(PATIENCE_S)
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            assert Page.objects.get(pk=page.pk).version
            DayMetric.objects.create(page=page, date="2026-01-01")
        done.set()

    at_once(change, read_and_refer)


def test_two_first_claims_of_one_source_make_one(api) -> None:
    changes = at_once(
        lambda: say(Component.objects.get(pk=api.pk), CHECKS, MAJOR, minute(1)),
        lambda: say(Component.objects.get(pk=api.pk), CHECKS, MAJOR, minute(1)),
    )
    assert len([change for change in changes if change]) == 1
    assert api.claims.count() == 1
    assert_whole(api)


def test_claims_of_many_connections_serialise(page, api) -> None:
    """Every interleaving leaves whole history and one version a change."""
    said = [(CHECKS, MAJOR), ("incident:1", DEGRADED), (MANUAL, Status.PARTIAL), (CHECKS, None)]
    before = version(page)

    def speak(number: int, source: str, status: Status | None) -> None:
        for turn in range(3):
            mine = Component.objects.get(pk=api.pk)
            say(mine, source, status, minute(10 * turn + number))
            say(mine, source, None, minute(10 * turn + number + 5))

    at_once(
        *(
            lambda number=number, source=source, status=status: speak(number, source, status)
            for number, (source, status) in enumerate(said)
        )
    )
    assert version(page) == before + len(said) * 3 * 2
    assert_whole(api)
    assert_claims_in_turn(api)
    assert not claims.live(api)


def test_pages_are_locked_in_one_order(page, api) -> None:
    """Named the other way round they would deadlock: PostgreSQL would end one of the two."""
    other = PageFactory()

    def back_and_forth(*ids: object) -> None:
        for _ in range(20):
            with changing(*ids) as locked:
                assert [each.pk for each in locked] == sorted(ids)

    at_once(
        lambda: back_and_forth(page.pk, other.pk),
        lambda: back_and_forth(other.pk, page.pk),
    )
    assert version(other) == 41


def test_two_ticks_fold_a_day_once(page, api) -> None:
    at = minute(60 * 24 * 3)
    assert sum(at_once(*[lambda: days.fold_finished_days(at=at)] * 3)) <= 1
    days.fold_finished_days(at=at)
    assert DayMetric.objects.filter(component=api).count() == 3
    assert DayMetric.objects.filter(component=None).count() == 3


def test_two_components_of_one_name_get_two_slugs(page) -> None:
    def make() -> str:
        return actions.create_component(
            page=Page.objects.get(pk=page.pk), name="API", actor=SYSTEM, at=minute(0)
        ).slug

    assert sorted(at_once(make, make)) == ["api", "api-2"]


def test_two_pages_cannot_take_one_subdomain(project) -> None:
    def make() -> str:
        try:
            made = actions.create_page(
                project=project, name="A", subdomain="taken", actor=SYSTEM, at=minute(0)
            )
        except actions.Invalid as refused:
            return refused.field
        return made.name

    assert sorted(at_once(make, make)) == ["A", "subdomain"]
    assert connection.is_usable()
