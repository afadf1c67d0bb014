"""What is claimed of a component, and the history it leaves."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pages import claims
from pages.models import Component, Page
from pages.sources import CHECKS, MANUAL, incident_source, maintenance_source
from pages.status import Status
from pages.versions import changing
from tests.pages.timeline import (
    T0,
    assert_claims_in_turn,
    assert_whole,
    history,
    minute,
    new_component,
    say,
    statuses,
)

UP, DEGRADED, MAJOR = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR
MAINTENANCE = Status.MAINTENANCE
INCIDENT = "incident:1"


@pytest.fixture
def api(page: Page) -> Component:
    return new_component(page)


def test_a_claim_changes_the_status_and_ends_with_its_source(api) -> None:
    change = say(api, CHECKS, MAJOR, minute(5))
    assert (change.old, change.new, change.at) == (UP, MAJOR, minute(5))
    assert api.status == MAJOR
    change = say(api, CHECKS, UP, minute(8))
    assert (change.old, change.new, change.at) == (MAJOR, UP, minute(8))
    assert statuses(api) == [(0, UP), (5, MAJOR), (8, UP)]
    (claim,) = api.claims.all()
    assert (claim.since, claim.ended_at) == (minute(5), minute(8))


def test_resolving_one_of_two_incidents_leaves_the_other(api) -> None:
    say(api, "incident:1", MAJOR, minute(1))
    assert say(api, "incident:2", DEGRADED, minute(2)) is None
    change = say(api, "incident:1", None, minute(3))
    assert (change.old, change.new) == (MAJOR, DEGRADED)
    assert say(api, "incident:2", None, minute(4)).new == UP
    assert statuses(api) == [(0, UP), (1, MAJOR), (3, DEGRADED), (4, UP)]


def test_history_tells_what_is_held(api) -> None:
    say(api, CHECKS, MAJOR, minute(1))
    say(api, INCIDENT, MAJOR, minute(2))
    assert [(status, held) for *_, status, held in history(api)] == [
        (UP, False),
        (MAJOR, False),
        (MAJOR, True),
    ]


def test_checks_under_maintenance_are_kept_but_not_counted(api) -> None:
    say(api, "maintenance:1", MAINTENANCE, minute(1))
    assert say(api, CHECKS, MAJOR, minute(2)) is None
    assert api.status == MAINTENANCE
    change = say(api, "maintenance:1", None, minute(3))
    assert change.new == MAJOR
    assert statuses(api) == [(0, UP), (1, MAINTENANCE), (3, MAJOR)]


def test_a_pinned_operational_is_a_claim_that_outranks_checks(api) -> None:
    say(api, CHECKS, MAJOR, minute(1))
    say(api, MANUAL, UP, minute(2), pinned=True)
    assert api.status == UP
    assert [claim.source for claim in claims.live(api)] == [CHECKS, MANUAL]
    assert say(api, MANUAL, None, minute(3)).new == MAJOR


def test_setting_operational_without_a_pin_ends_the_claim(api) -> None:
    assert say(api, MANUAL, UP, minute(1)) is None
    assert not api.claims.exists()
    say(api, MANUAL, DEGRADED, minute(1))
    say(api, MANUAL, UP, minute(2))
    assert not claims.live(api)


def test_only_what_a_person_says_can_be_pinned(api) -> None:
    with pytest.raises(ValueError, match="checks"):
        say(api, CHECKS, MAJOR, minute(1), pinned=True)


def test_an_expired_pin_is_over_in_history_before_anybody_ends_it(api) -> None:
    say(api, MANUAL, MAJOR, minute(1), pinned=True, until=minute(5))
    assert statuses(api) == [(0, UP), (1, MAJOR), (5, UP)]
    before = history(api)
    assert say(api, MANUAL, None, minute(5)).new == UP
    assert history(api) == before


def test_a_pin_ended_early_is_over_at_once(api) -> None:
    say(api, MANUAL, MAJOR, minute(1), pinned=True, until=minute(9))
    say(api, MANUAL, None, minute(2))
    assert statuses(api) == [(0, UP), (1, MAJOR), (2, UP)]


def test_saying_the_same_again_changes_nothing(api) -> None:
    say(api, INCIDENT, MAJOR, minute(1))
    assert say(api, INCIDENT, MAJOR, minute(2)) is None
    assert api.claims.count() == 1
    say(api, MANUAL, MAJOR, minute(3), pinned=True, until=minute(9))
    say(api, MANUAL, MAJOR, minute(4), pinned=True, until=minute(8))
    assert api.claims.count() == 3


def test_a_first_failure_in_the_past_backdates_history(api) -> None:
    say(api, INCIDENT, DEGRADED, minute(10))
    change = say(api, CHECKS, MAJOR, minute(4))
    assert (change.old, change.new, change.at) == (DEGRADED, MAJOR, minute(4))
    assert statuses(api) == [(0, UP), (4, MAJOR), (10, MAJOR)]
    say(api, CHECKS, None, minute(7))
    assert statuses(api) == [(0, UP), (4, MAJOR), (7, UP), (10, DEGRADED)]


def test_nothing_is_claimed_before_the_component_began(api) -> None:
    change = say(api, CHECKS, MAJOR, T0 - timedelta(days=3))
    assert change.at == T0
    assert statuses(api) == [(0, MAJOR)]


def test_a_correction_at_the_same_instant_replaces_and_keeps_the_record(api) -> None:
    say(api, CHECKS, DEGRADED, minute(5))
    change = say(api, CHECKS, MAJOR, minute(5))
    assert (change.old, change.new) == (DEGRADED, MAJOR)
    assert statuses(api) == [(0, UP), (5, MAJOR)]
    kept = api.claims.order_by("created_at").values_list("status", "since", "ended_at")
    assert list(kept) == [(DEGRADED, minute(5), minute(5)), (MAJOR, minute(5), None)]


def test_what_is_older_than_the_claim_held_counts_from_its_start(api) -> None:
    say(api, CHECKS, DEGRADED, minute(5))
    assert say(api, CHECKS, MAJOR, minute(2)).at == minute(5)
    assert say(api, CHECKS, None, minute(1)).at == minute(5)
    assert statuses(api) == [(0, UP)]
    assert_claims_in_turn(api)


def test_what_is_older_than_the_last_word_counts_from_its_end(api) -> None:
    say(api, CHECKS, MAJOR, minute(2))
    say(api, CHECKS, None, minute(6))
    assert say(api, CHECKS, DEGRADED, minute(4)).at == minute(6)
    assert statuses(api) == [(0, UP), (2, MAJOR), (6, DEGRADED)]
    assert_claims_in_turn(api)


def test_writes_only_under_the_lock_of_the_page(api) -> None:
    with pytest.raises(RuntimeError, match="locked"):
        claims.apply(component=api, source=MANUAL, status=MAJOR, since=minute(1), actor="test")
    with pytest.raises(RuntimeError, match="locked"):
        claims.rebuild(api)
    assert statuses(api) == [(0, UP)]


def test_a_stale_instance_does_not_matter(api) -> None:
    stale = Component.objects.get(pk=api.pk)
    say(api, CHECKS, MAJOR, minute(1))
    assert say(stale, CHECKS, None, minute(2)).old == MAJOR
    assert stale.status == UP


def test_lost_intervals_come_back(api) -> None:
    say(api, CHECKS, MAJOR, minute(1))
    say(api, CHECKS, None, minute(3))
    before = history(api)
    api.intervals.all().delete()
    say(api, INCIDENT, MAJOR, minute(5))
    assert history(api)[:2] == before[:2]
    assert_whole(api)


def test_names_of_sources(api) -> None:
    assert incident_source(api.pk) == f"incident:{api.pk}"
    assert maintenance_source(api.pk) == f"maintenance:{api.pk}"


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from([MANUAL, CHECKS, CHECKS, "incident:1", "incident:2", "maintenance:1"]),
        st.none() | st.sampled_from(Status),
        st.integers(-12, 6),
        st.booleans(),
        st.none() | st.integers(-2, 20),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(actions=ACTIONS, again_from=st.integers(-5, 40))
def test_rebuilding_equals_what_the_actions_left(page: Page, actions, again_from) -> None:
    """Time moves on by two minutes an action; `since` may lie behind or a little ahead."""
    api = new_component(page)
    for number, (source, status, shift, wants_pin, expires) in enumerate(actions, start=1):
        now = minute(2 * number)
        pinned = wants_pin and source == MANUAL and status is not None
        until = now + timedelta(minutes=expires) if pinned and expires is not None else None
        before = Component.objects.get(pk=api.pk).status
        change = say(
            api, source, status, now + timedelta(minutes=shift), pinned=pinned, until=until
        )
        assert (change.old if change else api.status) == before
        assert (change.new if change else before) == api.status
        assert_whole(api)
    assert_claims_in_turn(api)

    left = history(api)
    with changing(api.page_id):
        claims.rebuild(api, minute(again_from))
    assert history(api) == left
    api.intervals.all().delete()
    with changing(api.page_id):
        claims.rebuild(api)
    assert history(api) == left
    assert_whole(api)
