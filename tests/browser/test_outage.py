"""One outage by hand: sign in, open, update, resolve; visitors see each step."""

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from accounts.models import User
from pages.models import Component, Page
from tests.browser.conftest import OpenTab
from tests.factories import PASSWORD
from tests.subscribers.factories import make_subscriber


def sign_in(tab: Tab, user: User) -> None:
    tab.goto("/status-pages")
    tab.get_by_label("Email address").fill(user.email)
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Sign in").click()


def test_an_outage_from_sign_in_to_resolved(
    open_tab: OpenTab, owner: User, page: Page, component: Component
) -> None:
    """The operator has a phone, the visitor a desktop."""
    make_subscriber(page, "reader@example.com")
    desk, visitor = open_tab("phone"), open_tab("desktop")
    alarm = desk.get_by_role("region", name="Open incidents")

    sign_in(desk, owner)
    desk.get_by_role("link", name="Acme").click()
    desk.get_by_role("link", name="Report an incident").click()
    desk.get_by_label("Title").fill("Cards are declined")
    desk.get_by_label("What people should know").fill("We **look** into it.")
    desk.get_by_label("Website").select_option("major_outage")
    expect(desk.locator("#preview strong")).to_have_text("look")
    desk.get_by_role("button", name="Post incident to 1").click()
    expect(desk.get_by_role("status")).to_contain_text("Posted.")
    visitor.goto("/status/acme")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Major outage in Website")
    expect(visitor.get_by_text("Cards are declined").first).to_be_visible()

    alarm.get_by_role("link", name="Post update").click()
    desk.get_by_role("radio", name="Identified").check()
    text = desk.get_by_label("What people should know")
    text.fill("The cause is found.")
    text.press("Control+Enter")
    expect(desk.get_by_role("status")).to_contain_text("Update posted.")
    visitor.reload()
    expect(visitor.get_by_text("The cause is found.")).to_be_visible()

    alarm.get_by_role("link", name="Post update").click()
    desk.get_by_role("radio", name="Resolved").check()
    desk.get_by_label("What people should know").fill("Cards work again.")
    desk.get_by_role("button", name="Post update to 1").click()
    expect(desk.get_by_role("status")).to_contain_text("Resolved.")
    expect(alarm).to_have_count(0)
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("All systems are operational")
