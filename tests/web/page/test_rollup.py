"""Statuspage's seven texts; clients switch on indicator and text."""

import pytest

from pages.status import Status
from web.page.rollup import rollup

OK, DEGRADED, PARTIAL = Status.OPERATIONAL, Status.DEGRADED, Status.PARTIAL
MAJOR, MAINTENANCE = Status.MAJOR, Status.MAINTENANCE


@pytest.mark.parametrize(
    ("statuses", "indicator", "description"),
    [
        ([], "none", "All Systems Operational"),
        ([OK, OK], "none", "All Systems Operational"),
        ([MAJOR], "critical", "Major System Outage"),
        ([MAJOR, MAJOR], "critical", "Major System Outage"),
        ([MAJOR, OK], "major", "Partial System Outage"),
        ([MAJOR, PARTIAL], "major", "Partial System Outage"),
        ([PARTIAL, PARTIAL], "major", "Partial System Outage"),
        ([PARTIAL], "major", "Partial System Outage"),
        ([PARTIAL, OK], "minor", "Minor Service Outage"),
        ([PARTIAL, DEGRADED], "minor", "Minor Service Outage"),
        ([DEGRADED, DEGRADED], "minor", "Degraded System Service"),
        ([DEGRADED], "minor", "Partially Degraded Service"),
        ([DEGRADED, OK], "minor", "Partially Degraded Service"),
        ([DEGRADED, MAINTENANCE], "minor", "Partially Degraded Service"),
        ([MAINTENANCE], "maintenance", "Service Under Maintenance"),
        ([MAINTENANCE, OK], "maintenance", "Service Under Maintenance"),
    ],
)
def test_the_first_rule_that_fits(statuses: list[Status], indicator: str, description: str) -> None:
    assert rollup(statuses) == (indicator, description)
