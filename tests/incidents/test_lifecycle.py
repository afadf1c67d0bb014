"""The tables of an incident's life."""

import pytest

from incidents.lifecycle import (
    OPEN,
    STATUS_OF_IMPACT,
    Impact,
    IncidentStatus,
    explain_illegal,
    impact_of,
    worst_impact,
)
from pages.status import Status


@pytest.mark.parametrize("old", sorted(OPEN))
@pytest.mark.parametrize("new", [*sorted(OPEN), IncidentStatus.RESOLVED])
def test_an_open_incident_may_go_anywhere_public(old, new):
    assert explain_illegal(old, new) is None


@pytest.mark.parametrize("old", sorted(OPEN))
def test_nothing_goes_back_to_draft(old):
    reason = explain_illegal(old, IncidentStatus.DRAFT)
    assert reason == (
        f"Draft cannot follow {old}: use one of investigating, identified, monitoring, resolved"
    )


@pytest.mark.parametrize("new", list(IncidentStatus))
def test_resolved_is_final(new):
    reason = explain_illegal(IncidentStatus.RESOLVED, new)
    assert reason == "Resolved is final: open a new incident instead"


@pytest.mark.parametrize(
    ("statuses", "impact"),
    [
        ([], Impact.NONE),
        ([Status.OPERATIONAL, Status.MAINTENANCE], Impact.NONE),
        ([Status.DEGRADED, Status.OPERATIONAL], Impact.MINOR),
        ([Status.PARTIAL, Status.DEGRADED], Impact.MAJOR),
        ([Status.DEGRADED, Status.MAJOR], Impact.CRITICAL),
    ],
)
def test_impact_follows_the_worst_component(statuses, impact):
    assert impact_of(statuses) is impact


def test_severity_maps_to_status_and_back():
    for impact, status in STATUS_OF_IMPACT.items():
        assert impact_of([status]) is impact


def test_the_worst_impact_of_nothing_is_none():
    assert worst_impact([]) is Impact.NONE
    assert worst_impact([Impact.MINOR, Impact.CRITICAL, Impact.MAJOR]) is Impact.CRITICAL
