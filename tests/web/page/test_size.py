"""What a page weighs. Compressed as the edge does: brotli, quality 11."""

from datetime import timedelta

import brotli
import pytest
from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident, post_update
from incidents.lifecycle import IncidentStatus
from pages.models import Component, DayMetric, Page
from pages.status import Status
from tests.factories import ComponentFactory, ComponentGroupFactory
from web.page.documents import Address, build

DAY = 86400
HTML_LIMIT = 6000
KINDS = ("partial_seconds", "degraded_seconds", "major_seconds", "maintenance_seconds")
UPDATE = (
    "Half of the European traffic now runs over the second connection. Failures are down "
    "from {0}7% to {0}%. Nobody was charged twice. Next update by 1{0}:00."
)


@pytest.fixture
def big_page(page: Page) -> Page:
    """50 components in 5 groups, 90 days with 80 days of trouble, 3 open incidents."""
    at = now()
    groups = [ComponentGroupFactory(page=page, name=f"Group {n}", position=n) for n in range(5)]
    components = [
        ComponentFactory(page=page, group=group, name=f"System {group.position}-{n}", position=n)
        for group in groups
        for n in range(10)
    ]
    _days(page, components)
    for number in range(3):
        incident = open_incident(
            page=page,
            name=f"Payments are declined in region {number}",
            body=UPDATE.format(number),
            statuses={components[number * 7]: Status.PARTIAL},
            actor=SYSTEM,
            at=at - timedelta(minutes=50),
        )
        for stage in (IncidentStatus.IDENTIFIED, IncidentStatus.MONITORING):
            post_update(
                incident=incident,
                status=stage,
                body=UPDATE.format(number + 4),
                actor=SYSTEM,
                at=at - timedelta(minutes=20),
            )
    return page


def _days(page: Page, components: list[Component]) -> None:
    today = now().date()
    rows = []
    for back in range(1, 90):
        date = today - timedelta(days=back)
        rows.append(DayMetric(page=page, date=date, operational_seconds=DAY))
        for number, component in enumerate(components):
            bad = 60 * (5 + (back * 7 + number * 13) % 90) if (back + number * 5) % 56 == 1 else 0
            rows.append(
                DayMetric(
                    page=page,
                    component=component,
                    date=date,
                    operational_seconds=DAY - bad,
                    **{KINDS[number % 4]: bad},
                )
            )
    DayMetric.objects.bulk_create(rows)


def test_fifty_components_ninety_days_three_incidents_fit_in_six_kilobytes(
    big_page: Page,
) -> None:
    document = build(Address("acme", "page"), at=now())
    assert document is not None

    html = document.body.decode()

    assert html.count('class="strip"') == 55
    assert html.count("<article") == 3
    assert html.count("major outage") > 10
    assert len(brotli.compress(document.body)) <= HTML_LIMIT
