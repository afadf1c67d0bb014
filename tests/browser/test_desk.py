"""What only a browser shows: dialogs, toasts, rows that change in place, unsaved words."""

import re

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from accounts.actor import Actor
from accounts.models import User
from incidents.actions import open_incident
from incidents.templates import give_defaults
from pages.models import Component, Page
from pages.status import Status
from tests.browser.conftest import OpenTab
from tests.subscribers.factories import make_subscriber


@pytest.fixture
def desk(open_tab: OpenTab, owner: User) -> Tab:
    return open_tab("desktop", "light", owner)


def test_a_question_opens_as_a_dialog_and_begins_on_the_safe_answer(desk: Tab, page: Page) -> None:
    desk.goto(f"/status-pages/{page.id}")
    desk.get_by_role("link", name="Archive").click()

    dialog = desk.get_by_role("dialog", name="Archive this page?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link", name="Keep")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    desk.get_by_role("link", name="Archive").click()
    dialog.get_by_role("button", name="Archive").click()

    expect(desk.get_by_role("status")).to_contain_text("Acme is archived.")
    page.refresh_from_db()
    assert page.status == Page.State.ARCHIVED


def test_a_status_changes_in_its_row(
    desk: Tab, page: Page, component: Component, operator: Actor
) -> None:
    open_incident(
        page=page,
        name="Cards fail",
        body="",
        statuses={component: Status.MAJOR},
        actor=operator,
        at=now(),
    )
    desk.goto(f"/status-pages/{page.id}/components")
    desk.get_by_label("Status of Website").select_option("degraded_performance")
    desk.get_by_role("button", name="Set Website").click()

    expect(desk.get_by_role("status")).to_contain_text("Pinned, because others say otherwise.")
    expect(desk.get_by_text("Cards fail: major outage")).to_be_visible()


def test_unsaved_words_are_guarded(desk: Tab, page: Page, component: Component) -> None:
    asked: list[str] = []
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto(f"/status-pages/{page.id}/settings")
    desk.get_by_label("Name", exact=True).fill("Another")
    desk.get_by_role("link", name="Overview").click()
    expect(desk.get_by_role("heading", name="Needs you")).to_be_visible()

    assert asked == ["beforeunload"]


def test_after_an_error_the_focus_is_where_it_went_wrong(desk: Tab, page: Page) -> None:
    desk.goto(f"/status-pages/{page.id}/incidents/new")
    desk.get_by_role("button", name="Post incident").click()

    expect(desk.get_by_label("Title")).to_be_focused()


def test_the_product_works_without_script(
    open_tab: OpenTab, owner: User, page: Page, component: Component
) -> None:
    tab = open_tab("desktop", "light", owner, script=False)
    tab.goto(f"/status-pages/{page.id}/components")
    tab.get_by_label("Status of Website").select_option("partial_outage")
    tab.get_by_role("button", name="Set Website").click()
    expect(tab.get_by_text("Website: Partial outage.")).to_be_visible()
    tab.goto(f"/status-pages/{page.id}")
    tab.get_by_role("link", name="Archive").click()
    tab.get_by_role("button", name="Archive").click()
    expect(tab.get_by_text("Acme is archived.")).to_be_visible()


def test_words_survive_a_closed_tab_until_they_are_posted(
    desk: Tab, page: Page, component: Component
) -> None:
    desk.on("dialog", lambda dialog: dialog.accept())
    url = f"/status-pages/{page.id}/incidents/new"
    desk.goto(url)
    desk.get_by_label("Title").fill("Cards are declined")
    desk.get_by_label("Website").select_option("major_outage")
    expect(desk.get_by_text("Kept on this device")).to_be_visible()

    desk.goto(url)
    expect(desk.get_by_label("Title")).to_have_value("Cards are declined")
    expect(desk.get_by_label("Website")).to_have_value("major_outage")
    expect(desk.get_by_text("are back")).to_be_visible()
    desk.locator(".posting").click()
    expect(desk.get_by_role("heading", name="Open incident")).to_be_visible()

    desk.goto(url)
    expect(desk.get_by_label("Title")).to_have_value("")


def test_a_template_goes_above_what_was_typed(desk: Tab, page: Page, component: Component) -> None:
    give_defaults(page, at=now())
    desk.goto(f"/status-pages/{page.id}/incidents/new")
    text = desk.get_by_label("What people should know")
    desk.get_by_role("link", name="Outage").click()
    expect(text).to_have_value(re.compile("^Nobody can use Acme"))
    desk.get_by_role("link", name="Degraded performance").click()
    expect(text).to_have_value(re.compile("^Requests to Acme[^\n]+$"))
    text.press_sequentially("Only in Europe.")
    desk.get_by_role("link", name="Outage").click()

    expect(text).to_have_value(re.compile("^Nobody can use Acme.*Only in Europe", re.DOTALL))


def test_the_seconds_burn_down_and_then_it_is_on_its_way(
    desk: Tab, page: Page, component: Component
) -> None:
    make_subscriber(page, "reader@example.com")
    page.hold_seconds = 2
    page.save()
    desk.goto(f"/status-pages/{page.id}/incidents/new")
    desk.get_by_label("Title").fill("Cards are declined")
    desk.locator(".posting").click()

    plate = desk.get_by_role("region", name="Waiting to be sent")
    expect(plate).to_contain_text("in 1 second.")
    expect(plate).to_contain_text("On its way.")
    expect(plate.get_by_role("button")).to_have_count(0)


def test_an_incident_is_opened_and_undone_without_script(
    open_tab: OpenTab, owner: User, page: Page, component: Component
) -> None:
    make_subscriber(page, "reader@example.com")
    give_defaults(page, at=now())
    tab = open_tab("phone", "light", owner, script=False)
    tab.goto(f"/status-pages/{page.id}/incidents/new")
    tab.get_by_role("link", name="Outage").click()
    expect(tab.get_by_label("Title")).to_have_value("Outage: Acme")
    tab.get_by_role("radio", name="Email").check()
    tab.get_by_role("button", name="Show the email").click()
    expect(tab.frame_locator("iframe[name=mail]").get_by_text("Outage: Acme")).to_be_visible()
    tab.locator(".posting").click()
    tab.get_by_role("button", name="Undo").click()

    expect(tab.get_by_text("Undone. Nothing was sent.")).to_be_visible()
    expect(tab.get_by_label("Title")).to_have_value("Outage: Acme")
