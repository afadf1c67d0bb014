"""Runs of equal results, belief, the worst case, and the monitor's doubt in itself."""

from datetime import UTC, datetime, timedelta

import pytest

from monitoring.verdict import (
    Link,
    Streak,
    Tally,
    Verdict,
    aggregate,
    doubted_hosts,
    seen_again,
    unknown_since,
)
from pages.status import Status

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
UP, DOWN, UNKNOWN = Verdict.UP, Verdict.DOWN, Verdict.UNKNOWN


def run(*verdicts: Verdict) -> Streak:
    """The streak after one check a minute from noon."""
    streak = Streak()
    for minute, verdict in enumerate(verdicts):
        streak = streak.extended(verdict, NOON + minute * MINUTE)
    return streak


def link(*verdicts: Verdict, believed: Verdict = UP, **more: object) -> Link:
    return Link(believed=believed, since=None, streak=run(*verdicts), **more)


def settled(link: Link, failures: int = 1, successes: int = 1) -> Link:
    return link.settled(failure_threshold=failures, recovery_threshold=successes)


def test_equal_results_lengthen_the_run_and_keep_its_start():
    assert run(UP, DOWN, DOWN) == Streak(DOWN, 2, NOON + MINUTE, NOON + 2 * MINUTE)


def test_another_result_begins_a_run():
    assert run(DOWN, DOWN, UP) == Streak(UP, 1, NOON + 2 * MINUTE, NOON + 2 * MINUTE)


@pytest.mark.parametrize("age", [timedelta(0), MINUTE])
def test_a_result_that_is_not_newer_changes_nothing(age: timedelta):
    streak = run(UP, UP)
    assert streak.extended(DOWN, NOON + MINUTE - age) is streak


def test_a_failure_is_believed_at_the_threshold_and_dated_from_the_first():
    assert settled(link(DOWN, DOWN), failures=3).believed is UP
    believed = settled(link(DOWN, DOWN, DOWN), failures=3)
    assert (believed.believed, believed.since) == (DOWN, NOON)


def test_a_recovery_is_believed_at_its_own_threshold():
    failing = link(DOWN, UP, believed=DOWN)
    assert settled(failing, successes=2).believed is DOWN
    recovered = settled(link(DOWN, UP, UP, believed=DOWN), successes=2)
    assert (recovered.believed, recovered.since) == (UP, NOON + MINUTE)


def test_an_interrupted_run_is_not_believed():
    assert settled(link(DOWN, UP, DOWN), failures=2).believed is UP
    assert settled(link(DOWN, UNKNOWN, DOWN), failures=2).believed is UP


@pytest.mark.parametrize("believed", [UP, DOWN])
def test_an_unknown_result_changes_no_belief(believed: Verdict):
    unknown = link(UNKNOWN, UNKNOWN, believed=believed)
    assert settled(unknown) is unknown


def test_doubt_takes_back_a_failure_believed_just_before():
    before = Link(DOWN, NOON, run(UNKNOWN), doubted=True)
    assert settled(before) == Link(UP, NOON, run(UNKNOWN), doubted=True)


def test_doubt_keeps_an_older_failure():
    before = Link(DOWN, NOON - 5 * MINUTE, run(UNKNOWN), doubted=True)
    assert settled(before) is before


def test_the_worst_case_begins_with_the_first_failing_monitor():
    links = [
        Link(UP, None, run(UP)),
        Link(DOWN, NOON + MINUTE, run(DOWN)),
        Link(DOWN, NOON, run(DOWN)),
    ]
    assert aggregate(links) == (Status.MAJOR, NOON)


def test_recovery_begins_when_the_last_monitor_is_good_again():
    links = [Link(UP, NOON, run(UP)), Link(UP, NOON + MINUTE, run(UP)), Link(UP, None, run(UP))]
    assert aggregate(links) == (Status.OPERATIONAL, NOON + MINUTE)


def test_a_component_without_monitors_is_operational():
    assert aggregate([]) == (Status.OPERATIONAL, None)


def test_nothing_is_known_only_while_no_monitor_says_anything():
    assert unknown_since([link(UP, UNKNOWN), link(UNKNOWN)]) == NOON + MINUTE
    assert unknown_since([link(UNKNOWN), link(UP)]) is None
    assert unknown_since([link(UNKNOWN), link()]) is None
    assert unknown_since([]) is None


def test_a_gap_ends_with_the_first_newer_result_that_says_something():
    links = [link(UP, UP, DOWN), link(UP, UP), link(UNKNOWN), link()]
    assert seen_again(links, NOON) == NOON + MINUTE
    assert seen_again(links, NOON + 2 * MINUTE) is None


DEAD = Tally(monitors=2, failing=2, succeeded=0)


def test_failures_on_three_other_hosts_are_our_own():
    everywhere = dict.fromkeys("abcd", DEAD)
    assert doubted_hosts(everywhere) == frozenset("abcd")


def test_two_other_failing_hosts_are_not_enough():
    assert doubted_hosts(dict.fromkeys("abc", DEAD)) == frozenset()


def test_one_success_elsewhere_clears_our_own_network():
    known = {**dict.fromkeys("abcd", DEAD), "e": Tally(1, 0, 1)}
    # Only the host that answers itself sees nothing but failures elsewhere.
    assert doubted_hosts(known) == frozenset("e")


def test_fewer_than_half_of_the_others_failing_is_believed():
    known = {**dict.fromkeys("abcd", DEAD), "e": Tally(20, 0, 0)}
    assert doubted_hosts(known) == frozenset("e")
