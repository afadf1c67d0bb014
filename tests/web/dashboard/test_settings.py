"""What can be set for a page."""

import pytest
from django.test import Client

from pages.models import Page
from tests.web.dashboard.conftest import address

VALUES = {
    "name": "Pay",
    "timezone": "Europe/Berlin",
    "auto_publish_after": "0",
    "hold_seconds": "60",
}


def test_settings_are_saved(desk: Client, page: Page) -> None:
    assert desk.get(address("settings", page)).status_code == 200

    desk.post(address("settings", page), VALUES)

    page.refresh_from_db()
    assert (page.name, page.timezone) == ("Pay", "Europe/Berlin")
    assert page.auto_publish_after == 0
    assert page.notify_component_changes is False
    assert (page.hold_seconds, page.auto_resolve) == (60, False)


def test_an_empty_wait_never_publishes_by_itself(desk: Client, page: Page) -> None:
    desk.post(address("settings", page), VALUES | {"auto_publish_after": ""})

    page.refresh_from_db()
    assert page.auto_publish_after is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", ""),
        ("name", "x" * 256),
        ("timezone", "Mars/Olympus"),
        ("auto_publish_after", "-1"),
        ("auto_publish_after", "9" * 30),
        ("hold_seconds", "301"),
        ("hold_seconds", "-1"),
        ("hold_seconds", ""),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    desk: Client, page: Page, field: str, wrong: str
) -> None:
    answer = desk.post(address("settings", page), VALUES | {field: wrong})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    page.refresh_from_db()
    assert page.name == "Acme"


def test_only_what_the_form_offers_is_changed(desk: Client, page: Page) -> None:
    desk.post(
        address("settings", page),
        VALUES | {"subdomain": "stolen", "status": "archived", "organization": "x"},
    )

    page.refresh_from_db()
    assert (page.subdomain, page.status) == ("acme", "published")


def test_a_viewer_reads_the_settings(desk_of_viewer: Client, page: Page) -> None:
    html = desk_of_viewer.get(address("settings", page)).content.decode()

    assert "after 5 min" in html
    assert '<form method="post" data-guard' not in html
