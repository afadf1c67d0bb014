"""How statuses are named, ranked and combined."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from pages.sources import CHECKS, MANUAL
from pages.status import Status, effective, parse, worst

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Said:
    source: str
    status: Status
    pinned: bool = False
    pin_expires_at: datetime | None = None


def test_the_worst_wins_and_maintenance_ranks_below_degraded() -> None:
    ranked = [
        Status.MAJOR,
        Status.PARTIAL,
        Status.DEGRADED,
        Status.MAINTENANCE,
        Status.OPERATIONAL,
    ]
    for position, status in enumerate(ranked):
        assert worst(reversed(ranked[position:])) is status
    assert worst([]) is Status.OPERATIONAL


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("OPERATIONAL", Status.OPERATIONAL),
        ("DEGRADED", Status.DEGRADED),
        ("PARTIAL_OUTAGE", Status.PARTIAL),
        ("MAJOR_OUTAGE", Status.MAJOR),
        ("operational", Status.OPERATIONAL),
        ("degraded", Status.DEGRADED),
        ("offline", Status.MAJOR),
        ("maintenance", Status.MAINTENANCE),
        (" under_maintenance ", Status.MAINTENANCE),
    ],
)
def test_reads_the_names_of_both_documents(text, status) -> None:
    assert parse(text) is status


@pytest.mark.parametrize("text", ["", "unknown", "down", "op\0erational"])
def test_names_what_it_accepts_when_it_cannot_read(text) -> None:
    with pytest.raises(ValueError, match="major_outage"):
        parse(text)


def test_nothing_said_is_operational_and_not_held() -> None:
    assert effective([], AT) == (Status.OPERATIONAL, False)


def test_checks_alone_do_not_hold() -> None:
    assert effective([Said(CHECKS, Status.MAJOR)], AT) == (Status.MAJOR, False)


def test_an_incident_holds_even_where_checks_say_worse() -> None:
    live = [Said(CHECKS, Status.MAJOR), Said("incident:1", Status.DEGRADED)]
    assert effective(live, AT) == (Status.MAJOR, True)


def test_a_pin_outranks_worse_claims_until_it_expires() -> None:
    pin = Said(MANUAL, Status.OPERATIONAL, pinned=True, pin_expires_at=AT)
    live = [pin, Said("incident:1", Status.MAJOR), Said("maintenance:1", Status.MAINTENANCE)]
    assert effective(live, AT - timedelta(microseconds=1)) == (Status.OPERATIONAL, True)
    assert effective(live, AT) == (Status.MAJOR, True)
    assert effective([pin], AT) == (Status.OPERATIONAL, False)


def test_a_maintenance_silences_checks_and_nothing_else() -> None:
    maintenance = Said("maintenance:1", Status.MAINTENANCE)
    checks = Said(CHECKS, Status.MAJOR)
    assert effective([maintenance, checks], AT) == (Status.MAINTENANCE, True)
    for source in ("incident:1", "alert:disk", MANUAL):
        others = [maintenance, checks, Said(source, Status.DEGRADED)]
        assert effective(others, AT) == (Status.DEGRADED, True)
