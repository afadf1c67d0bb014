from uuid import UUID

import pytest

from web.page.addresses import (
    Address,
    address_of,
    archive_path,
    calendar_path,
    event_path,
    history_path,
    incident_path,
)
from web.page.months import Month
from web.page.v2 import ENDPOINTS

INCIDENT = "01932b3c-7f3a-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/status/demo", Address("demo", "page")),
        ("/status/demo/", Address("demo", "page")),
        (f"/status/{INCIDENT}", Address(INCIDENT, "page")),
        (f"/status/demo/incidents/{INCIDENT}", Address("demo", "incident", INCIDENT)),
        (f"/status/demo/incidents/{INCIDENT}/", Address("demo", "incident", INCIDENT)),
        ("/status/demo/api/v2/status.json", Address("demo", "status.json")),
        ("/status/demo/api/v2/summary.json", Address("demo", "summary.json")),
        (f"/status/demo/incidents/{INCIDENT}.ics", Address("demo", "event", INCIDENT)),
        ("/status/demo/maintenance.ics", Address("demo", "calendar")),
        ("/status/demo/history", Address("demo", "history")),
        ("/status/demo/history/incidents", Address("demo", "history", "", "incidents")),
        ("/status/demo/history/2026-10", Address("demo", "history", "2026-10")),
        (
            "/status/demo/history/2026-10/maintenance",
            Address("demo", "history", "2026-10", "maintenance"),
        ),
        ("/status/demo/history/archive", Address("demo", "archive")),
        ("/status/demo/history/archive/2026-10", Address("demo", "archive", "2026-10")),
        *((f"/status/demo/api/v2/{name}", Address("demo", name)) for name in ENDPOINTS),
    ],
)
def test_paths_of_public_documents(path: str, address: Address) -> None:
    assert address_of(path) == address


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/status/",
        "/status/Demo",
        "/status/ab",
        "/status/" + "a" * 37,
        "/status/demo\n",
        "/status/demo//",
        "/status/demo/subscribe",
        "/status/demo/incidents/",
        "/status/demo/incidents/1",
        f"/status/demo/incidents/{INCIDENT.upper()}",
        "/status/demo/api/v2/status.json.bak",
        "/status/demo/api/v2/incidents.json/unresolved",
        "/status/demo/history/2026-13",
        "/status/demo/history/2026-1",
        "/status/demo/history/1026-10",
        "/status/demo/history/everything",
        "/status/demo/history/archive/incidents",
        "/status/demo/history.ics",
        "/status/verify/abc",
        "/status/../etc",
    ],
)
def test_other_paths_name_no_document(path: str) -> None:
    assert address_of(path) is None


def test_a_path_leads_back_to_its_address() -> None:
    october, incident = Month(2026, 10), UUID(INCIDENT)
    told = {
        incident_path("demo", incident): Address("demo", "incident", INCIDENT),
        event_path("demo", incident): Address("demo", "event", INCIDENT),
        calendar_path("demo"): Address("demo", "calendar"),
        history_path("demo"): Address("demo", "history"),
        history_path("demo", october, "incidents"): Address(
            "demo", "history", "2026-10", "incidents"
        ),
        archive_path("demo"): Address("demo", "archive"),
        archive_path("demo", october): Address("demo", "archive", "2026-10"),
    }

    assert {path: address_of(path) for path in told} == told
