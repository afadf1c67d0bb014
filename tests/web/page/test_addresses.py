from uuid import UUID

import pytest

from web.page.addresses import Address, address_of, incident_path

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
        "/status/verify/abc",
        "/status/../etc",
    ],
)
def test_other_paths_name_no_document(path: str) -> None:
    assert address_of(path) is None


def test_a_path_leads_back_to_its_address() -> None:
    path = incident_path("demo", UUID(INCIDENT))

    assert address_of(path) == Address("demo", "incident", INCIDENT)
