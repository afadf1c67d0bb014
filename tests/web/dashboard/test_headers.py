"""What every answer of the dashboard says to the browser, and who may send it a form."""

from django.test import Client

from accounts.models import User
from incidents.models import Incident
from pages.models import Page
from tests.web.dashboard.conftest import address


def test_only_our_own_files_may_be_loaded(desk: Client, page: Page) -> None:
    policy = desk.get(address("overview", page)).headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'"):
        assert rule in policy


def test_no_screen_carries_inline_code(desk: Client, page: Page, incident: Incident) -> None:
    for url in (address("overview", page), address("update_new", page, incident)):
        html = desk.get(url).content.decode()
        assert "<style" not in html
        assert " style=" not in html
        assert " on" + "click=" not in html
        assert html.count("<script") == html.count("<script src=")


def test_answers_are_kept_out_of_caches(desk: Client, page: Page) -> None:
    headers = desk.get(address("subscribers", page)).headers

    assert "no-store" in headers["Cache-Control"]
    assert "private" in headers["Cache-Control"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_form_without_its_token_is_refused(owner: User, page: Page) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner)

    answer = browser.post(address("settings", page), {"name": "Forged", "timezone": "UTC"})

    assert answer.status_code == 403
    page.refresh_from_db()
    assert page.name == "Acme"
