from datetime import timedelta
from uuid import uuid4

import pytest

from incidents.lifecycle import Impact, IncidentStatus
from pages.status import Status
from tests.web.page.facts import AT, component, incident, maintenance, systems
from web.page.facts import AffectedFacts, Verification
from web.page.headline import headline, lead, page_state, stale_since

OK, DEGRADED, PARTIAL = Status.OPERATIONAL, Status.DEGRADED, Status.PARTIAL
MAJOR, MAINTENANCE = Status.MAJOR, Status.MAINTENANCE


@pytest.mark.parametrize(
    ("statuses", "text"),
    [
        ([OK, OK], "All systems are operational"),
        ([], "All systems are operational"),
        ([OK, DEGRADED], "Degraded performance in B"),
        ([OK, PARTIAL, PARTIAL], "Partial outage in B and C"),
        ([PARTIAL, DEGRADED, OK], "Partial outage in A"),
        ([MAJOR] * 3 + [OK] * 2, "Major outage in 3 of 5 systems"),
        ([MAJOR] * 3, "Major outage in all systems"),
        ([MAJOR], "Major outage in A"),
        ([MAINTENANCE, OK], "Maintenance under way in A"),
        ([MAINTENANCE, DEGRADED], "Degraded performance in B"),
    ],
)
def test_the_worst_state_and_where(statuses: list[Status], text: str) -> None:
    assert headline(systems(*statuses), []).text == text


def test_an_open_incident_is_told_although_all_systems_work() -> None:
    shown = headline(systems(OK, OK), [incident(Impact.MAJOR)])

    assert shown.text == "All systems are operational, one incident is open"
    assert shown.state is PARTIAL


def test_an_open_notice_without_impact_keeps_the_calm_mark() -> None:
    shown = headline(systems(OK), [incident(Impact.NONE)] * 2)

    assert shown.text == "All systems are operational, 2 incidents are open"
    assert shown.state is OK


def test_an_incident_that_is_worse_than_its_systems_names_what_it_affects() -> None:
    cards = AffectedFacts(uuid4(), "Cards", DEGRADED)
    mail = AffectedFacts(uuid4(), "Mail", OK)

    shown = headline(
        [component("Cards", DEGRADED), component("Web", DEGRADED), component("Mail")],
        [incident(Impact.CRITICAL, affected=(cards, mail))],
    )

    assert (shown.text, shown.state) == ("Major outage in Cards", MAJOR)


def test_a_system_in_an_unknown_state_does_not_change_the_headline() -> None:
    assert headline([component("A"), component("B", None)], []).state is OK


@pytest.mark.parametrize(
    ("impact", "state"),
    [(Impact.NONE, MAINTENANCE), (Impact.MINOR, DEGRADED), (Impact.CRITICAL, MAJOR)],
)
def test_maintenance_ranks_below_every_trouble(impact: Impact, state: Status) -> None:
    assert page_state(systems(MAINTENANCE, OK), [incident(impact)]) is state


def test_a_maintenance_of_no_system_in_particular_is_told() -> None:
    shown = headline(systems(OK, OK), [maintenance(IncidentStatus.IN_PROGRESS)])

    assert shown.text == "All systems are operational, maintenance is under way"
    assert shown.state is MAINTENANCE


def test_an_open_incident_is_told_before_a_maintenance() -> None:
    current = [incident(Impact.MINOR), maintenance(IncidentStatus.VERIFYING)]

    shown = headline(systems(OK), current)

    assert shown.text == "All systems are operational, one incident is open"
    assert shown.state is DEGRADED
    assert lead(systems(OK), current) == "One incident is open."


def test_the_lead_counts_incidents_and_systems() -> None:
    assert lead(systems(OK, OK), []) == "No incident is open."
    assert lead(systems(OK, MAJOR), [incident()]) == (
        "One incident is open. 1 of 2 systems are operational."
    )
    assert lead([], [incident(), incident()]) == "2 incidents are open."


def test_stale_when_the_last_result_is_older_than_the_limit() -> None:
    seen = Verification(at=AT - timedelta(seconds=181), stale_after=180)

    assert stale_since(seen, AT) == seen.at
    assert stale_since(seen, AT - timedelta(seconds=1)) is None
    assert stale_since(Verification(at=None, stale_after=180), AT) is None
