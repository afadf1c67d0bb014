"""Planning a maintenance in a real browser; axe over its screens."""

import re
from datetime import timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import expect

from accounts.actor import Actor
from accounts.models import User
from incidents.models import Incident
from incidents.templates import give_defaults
from pages.models import Page
from tests.browser.conftest import OpenTab
from tests.browser.scenes import Scene, outage
from tests.browser.test_axe import LOOKS, check
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import plan, running, series_of


@pytest.fixture
def scene(page: Page, owner: User) -> Scene:
    """An outage, and beside it a maintenance that runs, two that wait, and one that is over."""
    page.timezone = "Europe/Berlin"
    page.save()
    give_defaults(page, at=now())
    actor = Actor.of(owner)
    made = outage(page, actor, at=now())
    running(page, actor, made.components[4], name="Reporting database upgrade")
    plan(page, actor, made.components[0], name="New certificates")
    plan(
        page,
        actor,
        name="Data centre move",
        starts_at=now() + timedelta(days=9),
        ends_at=now() + timedelta(days=11),
    )
    series_of(page, actor, made.components[1])
    return made


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_nobody_is_locked_out(
    open_tab: OpenTab, owner: User, scene: Scene, size: str, scheme: str
) -> None:
    page = scene.page
    runs = page.incidents.get(name="Reporting database upgrade")
    waits = page.incidents.get(name="New certificates")
    series = page.series.get()
    tab = open_tab(size, scheme, owner)
    for path in (
        address("maintenances", page),
        address("maintenance_new", page),
        address("maintenance", page, runs),
        address("maintenance", page, waits),
        address("maintenance_update", page, runs),
        address("maintenance_edit", page, waits),
        address("maintenance_move", page, waits),
        address("maintenance_cancel", page, waits),
        address("series", page, series),
        address("series_edit", page, series),
    ):
        check(tab, path)


def test_a_maintenance_is_planned_with_the_keyboard_and_cancelled_in_a_dialog(
    open_tab: OpenTab, owner: User, scene: Scene
) -> None:
    tab = open_tab("desktop", "light", owner)
    tab.goto(address("maintenances", scene.page))
    tab.get_by_role("link", name="Plan maintenance").click()
    tab.get_by_label("Day", exact=True).fill("2027-03-28")
    tab.get_by_label("Starts").fill("02:30")
    tab.get_by_label("Ends", exact=True).fill("04:00")
    tab.get_by_label("Card payments").check()
    expect(tab.get_by_text("02:30 does not exist on 28 March")).to_be_visible()
    text = tab.get_by_label("What people should know")
    text.press_sequentially("Orders are safe.")
    tab.get_by_role("link", name="Planned maintenance", exact=True).first.click()
    expect(tab.get_by_label("Title")).to_have_value("Planned maintenance: Card payments")
    expect(text).to_have_value(re.compile(r"\n\nOrders are safe\.$"))
    tab.get_by_label("Title").press("Control+Enter")
    expect(tab.get_by_role("heading", name="Planned maintenance: Card payments")).to_be_visible()

    tab.get_by_role("link", name="Cancel", exact=True).click()
    dialog = tab.get_by_role("dialog", name="Cancel this maintenance?")
    expect(dialog.get_by_role("link", name="Leave it as it is")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.get_by_role("link", name="Cancel", exact=True).click()
    expect(dialog.get_by_text("Tells 3 people")).to_be_visible()
    dialog.get_by_role("button", name="Cancel maintenance").click()

    expect(tab.get_by_role("status").filter(has_text="It is cancelled.")).to_be_visible()
    assert Incident.objects.filter(name__startswith="Planned", status="cancelled").exists()


def test_what_repeats_shows_its_next_dates_while_it_is_written(
    open_tab: OpenTab, owner: User, scene: Scene
) -> None:
    tab = open_tab("phone", "dark", owner)
    tab.goto(address("maintenance_new", scene.page))
    tab.get_by_label("Title").fill("Monthly restart")
    tab.get_by_label("Day", exact=True).fill("2027-07-04")
    tab.get_by_text("It repeats").click()
    expect(tab.get_by_label("Which day of the month")).to_be_hidden()
    tab.get_by_label("How often").select_option("monthly")
    tab.get_by_label("Which day of the month").select_option("last")

    expect(tab.get_by_text("On the last Sunday of every month")).to_be_visible()
    expect(tab.get_by_text("Sun 29 Aug 2027")).to_be_visible()
    tab.get_by_role("button", name="Post maintenance").click()
    expect(tab.get_by_role("heading", name="Monthly restart")).to_be_visible()


def test_it_is_planned_without_script(open_tab: OpenTab, owner: User, scene: Scene) -> None:
    """What clocks make of the time is said by the first try."""
    tab = open_tab("desktop", "light", owner, script=False)
    tab.goto(address("maintenance_new", scene.page))
    tab.get_by_label("Title").fill("Night work")
    tab.get_by_label("Day", exact=True).fill("2027-03-28")
    tab.get_by_label("Starts").fill("02:30")
    tab.get_by_role("button", name="Post maintenance").click()
    expect(tab.get_by_text("Nothing is posted yet")).to_be_visible()
    tab.get_by_role("button", name="Post maintenance").click()

    expect(tab.get_by_role("heading", name="Night work")).to_be_visible()
