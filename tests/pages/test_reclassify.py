"""Reclassifying a past span: what counts changes, what was seen stays."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent, User
from pages import actions, days
from pages.models import Component, DayMetric, Page, Reclassification
from pages.sources import CHECKS
from pages.status import Status
from pages.uptime import DayTotals
from pages.versions import changing
from tests.pages.timeline import history, new_component, say

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = 3600


def hour(number: float, *, ago: int = 1) -> datetime:
    """`number` hours into the day `ago` days before today."""
    return NOON.replace(hour=0) - timedelta(days=ago) + timedelta(hours=number)


@pytest.fixture
def api(page: Page) -> Component:
    """Down yesterday from 6 to 8, and today from 9 to 10; finished days are folded."""
    component = new_component(page, at=hour(0, ago=3))
    for since, until in ((hour(6), hour(8)), (hour(9, ago=0), hour(10, ago=0))):
        say(component, CHECKS, Status.MAJOR, since)
        say(component, CHECKS, None, until)
    days.fold_finished_days(at=NOON)
    return component


def reclassify(component: Component, actor: Actor, **changed: object) -> Reclassification:
    values = {
        "since": hour(6),
        "until": hour(8),
        "kind": "checker_fault",
        "reason": "The probe's own network was down.",
        "at": NOON,
    }
    return actions.reclassify(component=component, actor=actor, **{**values, **changed})


def yesterday(page: Page, component: Component | None) -> DayTotals:
    row = DayMetric.objects.get(page=page, component=component, date=hour(0).date())
    return DayTotals(*(getattr(row, f"{state}_seconds") for state in DayTotals._fields))


def test_what_a_broken_checker_saw_leaves_the_finished_day(page, api, operator) -> None:
    assert yesterday(page, api) == DayTotals(22 * HOUR, major=2 * HOUR)
    reclassify(api, operator)
    assert yesterday(page, api) == DayTotals(22 * HOUR, unobserved=2 * HOUR)
    assert yesterday(page, None) == yesterday(page, api)


def test_a_maintenance_leaves_the_denominator(page, api, operator) -> None:
    reclassify(api, operator, kind="maintenance")
    assert yesterday(page, api) == DayTotals(22 * HOUR, maintenance=2 * HOUR)


def test_today_follows_as_well(page, api, operator) -> None:
    reclassify(api, operator, since=hour(9, ago=0), until=hour(10, ago=0))
    shown = days.ninety_days(page, at=NOON)
    assert shown.components[api.pk].days[-1] == DayTotals(11 * HOUR, unobserved=HOUR)


def test_the_percentage_follows(page, api, operator) -> None:
    reclassify(api, operator)
    reclassify(api, operator, since=hour(9, ago=0), until=hour(10, ago=0), kind="maintenance")
    shown = days.ninety_days(page, at=NOON)
    assert (shown.components[api.pk].ratio, shown.page.ratio) == (Decimal(1), Decimal(1))


def test_evidence_stays_as_it_was(page, api, operator) -> None:
    claims, seen = list(api.claims.values()), history(api)
    reclassify(api, operator)
    assert (list(api.claims.values()), history(api)) == (claims, seen)


def test_the_newest_counts_and_withdrawing_it_brings_back_the_one_before(
    page, api, operator
) -> None:
    reclassify(api, operator)
    newer = reclassify(
        api, operator, kind="maintenance", since=hour(7), at=NOON + timedelta(minutes=1)
    )
    assert yesterday(page, api) == DayTotals(22 * HOUR, maintenance=HOUR, unobserved=HOUR)
    actions.withdraw_reclassification(reclassification=newer, actor=operator, at=NOON)
    assert yesterday(page, api) == DayTotals(22 * HOUR, unobserved=2 * HOUR)


def test_withdrawing_brings_the_evidence_back(page, api, operator) -> None:
    before = days.ninety_days(page, at=NOON)
    made = reclassify(api, operator)
    actions.withdraw_reclassification(reclassification=made, actor=operator, at=NOON)
    assert days.ninety_days(page, at=NOON) == before
    assert Reclassification.objects.get().withdrawn_at == NOON


def test_it_is_withdrawn_once(api, operator) -> None:
    made = reclassify(api, operator)
    stale = Reclassification.objects.get(pk=made.pk)
    actions.withdraw_reclassification(reclassification=made, actor=operator, at=NOON)
    with pytest.raises(actions.Conflict, match="withdrawn already"):
        actions.withdraw_reclassification(reclassification=stale, actor=operator, at=NOON)
    assert AuditEvent.objects.filter(action="uptime.reclassify").count() == 2


def test_folding_all_days_again_changes_nothing(page, api, operator) -> None:
    reclassify(api, operator, kind="maintenance", since=hour(23, ago=2), until=hour(7))
    left = list(page.days.order_by("date", "component").values_list("date", "major_seconds"))
    with changing(page.pk) as [locked]:
        days.refold_page(locked, at=NOON)
    assert list(page.days.order_by("date", "component").values_list("date", "major_seconds")) == (
        left
    )


def test_the_page_changes_its_version_and_the_trail_tells_who_said_what(
    page, api, operator
) -> None:
    before = Page.objects.get(pk=page.pk).version
    made = reclassify(api, operator)
    assert Page.objects.get(pk=page.pk).version == before + 1
    row = AuditEvent.objects.get(action="uptime.reclassify")
    assert (row.user, row.object_id, row.project) == (operator.user, str(api.pk), page.project)
    assert row.detail == {
        "did": "reclassified",
        "reclassification": str(made.pk),
        "kind": "checker_fault",
        "since": hour(6).isoformat(),
        "until": hour(8).isoformat(),
        "reason": "The probe's own network was down.",
    }
    actions.withdraw_reclassification(reclassification=made, actor=operator, at=NOON)
    assert AuditEvent.objects.latest("pk").detail["did"] == "withdrawn"


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("until", {"until": hour(6)}),
        ("until", {"until": hour(5)}),
        ("until", {"until": NOON + timedelta(microseconds=1)}),
        ("since", {"since": hour(0, ago=3) - timedelta(microseconds=1)}),
        ("kind", {"kind": "operational"}),
        ("kind", {"kind": ""}),
        ("reason", {"reason": " "}),
        ("reason", {"reason": "x" * 501}),
        ("reason", {"reason": "a\nb"}),
        ("reason", {"reason": "\N{RIGHT-TO-LEFT OVERRIDE}a"}),
    ],
)
def test_what_cannot_be_said_is_refused(page, api, operator, field, wrong) -> None:
    with pytest.raises(actions.Invalid) as caught:
        reclassify(api, operator, **wrong)
    assert caught.value.field == field
    assert not Reclassification.objects.exists()
    assert yesterday(page, api) == DayTotals(22 * HOUR, major=2 * HOUR)


def test_at_most_a_month_at_once(page, operator) -> None:
    old = new_component(page, "Old", at=NOON - timedelta(days=60))
    longest = {"since": NOON - timedelta(days=31), "until": NOON}
    reclassify(old, operator, **longest)
    with pytest.raises(actions.Invalid, match="31 days"):
        reclassify(old, operator, **{**longest, "since": NOON - timedelta(days=32)})


def test_who_only_reads_cannot_reclassify(api, viewer: User, stranger: User, operator) -> None:
    made = reclassify(api, operator)
    for user in (viewer, stranger):
        with pytest.raises(Refused):
            reclassify(api, Actor.of(user))
        with pytest.raises(Refused):
            actions.withdraw_reclassification(reclassification=made, actor=Actor.of(user), at=NOON)
    assert Reclassification.objects.in_force().count() == 1


def test_the_database_refuses_one_that_ends_before_it_began(api) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        api.reclassifications.create(since=hour(8), until=hour(6), kind="maintenance", reason="x")
