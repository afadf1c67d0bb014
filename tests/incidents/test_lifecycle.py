"""The tables of the lives of incidents and maintenances."""

import pytest

from incidents.lifecycle import (
    INCIDENT_PUBLIC,
    MAINTENANCE_PUBLIC,
    OPEN,
    PUBLIC,
    RUNNING,
    STATUS_OF_IMPACT,
    Family,
    Impact,
    IncidentStatus,
    explain_illegal,
    impact_of,
    worst_impact,
)
from pages.status import Status

INCIDENT, MAINTENANCE = Family.INCIDENT, Family.MAINTENANCE


@pytest.mark.parametrize("old", sorted(OPEN))
@pytest.mark.parametrize("new", sorted(INCIDENT_PUBLIC))
def test_an_open_incident_may_go_anywhere_public(old, new):
    assert explain_illegal(INCIDENT, old, new) is None


@pytest.mark.parametrize("old", sorted(OPEN))
def test_nothing_goes_back_to_draft(old):
    reason = explain_illegal(INCIDENT, old, IncidentStatus.DRAFT)
    assert reason == (
        f"Draft cannot follow {old}: use one of investigating, identified, monitoring, resolved"
    )


@pytest.mark.parametrize("new", sorted(OPEN))
def test_a_resolved_incident_may_only_be_open_again(new):
    assert explain_illegal(INCIDENT, IncidentStatus.RESOLVED, new) is None
    assert explain_illegal(INCIDENT, IncidentStatus.RESOLVED, IncidentStatus.RESOLVED) == (
        "Resolved cannot follow resolved: use one of investigating, identified, monitoring"
    )


def test_a_maintenance_is_scheduled_runs_and_ends():
    legal = {
        old: {new for new in IncidentStatus if explain_illegal(MAINTENANCE, old, new) is None}
        for old in MAINTENANCE_PUBLIC
    }
    scheduled, cancelled = IncidentStatus.SCHEDULED, IncidentStatus.CANCELLED
    completed = IncidentStatus.COMPLETED
    assert legal == {
        scheduled: {scheduled, IncidentStatus.IN_PROGRESS, cancelled},
        IncidentStatus.IN_PROGRESS: {*RUNNING, completed},
        IncidentStatus.VERIFYING: {*RUNNING, completed},
        completed: set(),
        cancelled: set(),
    }


@pytest.mark.parametrize("old", [IncidentStatus.COMPLETED, IncidentStatus.CANCELLED])
def test_an_ended_maintenance_is_final(old):
    reason = explain_illegal(MAINTENANCE, old, IncidentStatus.IN_PROGRESS)
    assert reason == f"{old.label} is final: nothing can follow it"


@pytest.mark.parametrize(
    ("family", "old", "foreign"),
    [
        (INCIDENT, IncidentStatus.INVESTIGATING, sorted(MAINTENANCE_PUBLIC)),
        (MAINTENANCE, IncidentStatus.SCHEDULED, sorted(INCIDENT_PUBLIC)),
    ],
)
def test_no_stage_of_the_other_family_is_legal(family, old, foreign):
    assert all(explain_illegal(family, old, new) for new in foreign)


def test_everything_but_drafts_is_public():
    assert set(IncidentStatus) - PUBLIC == {IncidentStatus.DRAFT}


@pytest.mark.parametrize(
    ("statuses", "impact"),
    [
        ([], Impact.NONE),
        ([Status.OPERATIONAL, Status.MAINTENANCE], Impact.MAINTENANCE),
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
