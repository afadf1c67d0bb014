"""What a fresh change costs does not grow with the past of its component."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pages.models import Component, Page, StatusClaim, StatusInterval
from pages.sources import CHECKS
from pages.status import Status
from tests.pages.timeline import T0, minute, new_component, say

OUTAGES = 5_000


@pytest.fixture
def eventful(page: Page) -> Component:
    """A component that failed and recovered thousands of times."""
    component = new_component(page)
    component.intervals.all().delete()
    StatusClaim.objects.bulk_create(
        StatusClaim(
            component=component,
            source=CHECKS,
            status=Status.MAJOR,
            since=minute(2 * number + 1),
            ended_at=minute(2 * number + 2),
            actor="test",
        )
        for number in range(OUTAGES)
    )
    spans = [
        (minute(number), minute(number + 1) if number < 2 * OUTAGES else None)
        for number in range(2 * OUTAGES + 1)
    ]
    StatusInterval.objects.bulk_create(
        StatusInterval(
            component=component,
            status=Status.MAJOR if number % 2 else Status.OPERATIONAL,
            span=span,
        )
        for number, span in enumerate(spans)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return component


def rows_read_by(queries: CaptureQueriesContext) -> list[tuple[float, str]]:
    """The most rows that any step of each SELECT went through, found or thrown away."""
    read = []
    with connection.cursor() as cursor:
        for query in queries.captured_queries:
            if query["sql"].startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {query['sql']}")
                plan = cursor.fetchone()[0][0]["Plan"]
                read.append((_most_rows(plan), query["sql"]))
    return read


def _most_rows(plan: dict) -> float:
    own = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
    own += plan.get("Rows Removed by Index Recheck", 0)
    return max([own * plan["Actual Loops"], *(_most_rows(each) for each in plan.get("Plans", []))])


def test_a_fresh_change_reads_only_what_it_touches(page, eventful) -> None:
    new = new_component(page, "New", at=T0)
    moment = minute(2 * OUTAGES) + timedelta(hours=1)

    def change(component: Component) -> CaptureQueriesContext:
        with CaptureQueriesContext(connection) as queries:
            say(component, CHECKS, Status.MAJOR, moment)
            say(component, CHECKS, None, moment + timedelta(minutes=1))
        return queries

    past = eventful.intervals.filter(span__endswith__isnull=False)
    rows_of_the_past = set(past.values_list("pk", flat=True))
    few, many = change(new), change(eventful)
    assert len(many) == len(few)
    assert rows_of_the_past <= set(past.values_list("pk", flat=True))
    for rows, sql in rows_read_by(many):
        assert rows <= 10, sql
