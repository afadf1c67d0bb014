"""A real browser: Debian's chromium against the live server."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

CHROMIUM = Path("/usr/bin/chromium")
_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}

# Playwright's synchronous interface runs inside an event loop of its own.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

OpenTab = Callable[..., Tab]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with the package: Playwright's event loop would disturb other tests."""
    if not CHROMIUM.exists():
        pytest.skip(f"BROWSER TESTS NOT RUN: {CHROMIUM} is missing")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _committed_rows(transactional_db: None) -> None:
    """The live server runs in another thread, which sees committed rows only."""


@pytest.fixture
def open_tab(browser: Browser, live_server: LiveServer) -> Iterator[OpenTab]:
    """`open_tab(size, scheme, user)` is a browser window; it must end without complaints."""
    contexts = []
    complaints: list[str] = []

    def open_one(
        size: str = "desktop",
        scheme: str = "light",
        user: User | None = None,
        *,
        script: bool = True,
    ) -> Tab:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=script,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            has_touch=size == "phone",
        )
        contexts.append(context)
        if user:
            context.add_cookies([_session_of(user, live_server.url)])
        tab = context.new_page()
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda line: _note(line.type, line.text, complaints))
        return tab

    yield open_one
    for context in contexts:
        context.close()
    assert not complaints


def _note(kind: str, text: str, complaints: list[str]) -> None:
    """A refused form is an answer, not a fault, though chromium logs it as one."""
    if kind in {"error", "warning"} and "status of 422" not in text:
        complaints.append(text)


def _session_of(user: User, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}
