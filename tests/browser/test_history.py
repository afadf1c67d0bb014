"""Correcting a component's past in a real browser, and what axe says of the way there."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from pages.models import Component, Page, Reclassification
from pages.sources import CHECKS
from pages.status import Status
from tests.browser.conftest import OpenTab
from tests.browser.test_axe import LOOKS, check
from tests.pages.timeline import new_component, say
from tests.web.dashboard.conftest import address


@pytest.fixture
def api(page: Page) -> Component:
    at = now()
    component = new_component(page, at=at - timedelta(days=3))
    say(component, CHECKS, Status.MAJOR, at - timedelta(hours=5))
    say(component, CHECKS, None, at - timedelta(hours=4))
    return component


def test_an_outage_is_corrected_and_the_correction_withdrawn(
    open_tab: OpenTab, owner: User, page: Page, api: Component
) -> None:
    tab = open_tab("phone", "light", owner)
    tab.goto(address("components", page))
    tab.get_by_role("link", name="History of API").click()
    tab.locator("td").get_by_role("link", name="Reclassify").click()
    tab.get_by_label("Checker fault").check()
    tab.get_by_label("Reason").fill("The probe's own network was down.")
    tab.get_by_role("button", name="See what changes").click()
    tab.get_by_role("button", name="Reclassify").click()
    tab.get_by_text("Not observed, reclassified").wait_for()
    tab.get_by_role("link", name="Withdraw").click()
    tab.get_by_role("dialog").get_by_role("button", name="Withdraw").click()
    tab.get_by_text("What was seen counts again.").wait_for()
    outage = api.intervals.get(status=Status.MAJOR).span
    said = Reclassification.objects.get()
    assert (said.since, said.until) == (outage.lower, outage.upper)
    assert said.withdrawn_at


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_nobody_is_locked_out(
    open_tab: OpenTab, owner: User, page: Page, api: Component, *, size: str, scheme: str
) -> None:
    tab = open_tab(size, scheme, owner)
    api.reclassifications.create(
        since=now() - timedelta(hours=5),
        until=now() - timedelta(hours=4.5),
        kind="maintenance",
        reason="We moved.",
        actor="ed@example.com",
    )
    for path in (
        address("component_history", page, api),
        address("component_reclassify", page, api),
        "/docs/uptime",
    ):
        check(tab, path)
