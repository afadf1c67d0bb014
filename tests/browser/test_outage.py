"""One outage by hand: open, undo, post, update, resolve, learn; visitors see each step."""

import re

from django.utils.timezone import now
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from accounts.actor import Actor
from accounts.models import User
from incidents.templates import give_defaults
from pages.models import Component, Page
from tests.browser.conftest import OpenTab
from tests.browser.scenes import outage
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
    """The operator has a phone and second thoughts, the visitor a desktop."""
    make_subscriber(page, "reader@example.com")
    give_defaults(page, at=now())
    desk, visitor = open_tab("phone"), open_tab("desktop")
    alarm = desk.get_by_role("region", name="Open incidents")
    plate = desk.get_by_role("region", name="Waiting to be sent")
    text = desk.get_by_label("What people should know")

    sign_in(desk, owner)
    desk.get_by_role("link", name="Acme").click()
    desk.get_by_role("link", name="Report an incident").click()
    desk.get_by_label("Title").fill("Cards are declined")
    text.fill("We **look** into it.")
    desk.get_by_label("Website").select_option("major_outage")
    expect(desk.locator("#preview strong")).to_have_text("look")
    desk.get_by_role("button", name="Post incident to 1").click()
    expect(plate).to_contain_text("Posted. 1 message goes out in")
    visitor.goto("/status/acme")
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("Major outage in Website")
    expect(visitor.get_by_text("Cards are declined").first).to_be_visible()

    plate.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Undone. Nothing was sent.")).to_be_visible()
    expect(text).to_have_value("We **look** into it.")
    expect(desk.get_by_label("Website")).to_have_value("major_outage")
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("All systems are operational")
    desk.get_by_role("button", name="Post incident to 1").click()
    plate.get_by_role("button", name="Send now").click()
    expect(desk.get_by_role("status")).to_contain_text("Sent.")
    expect(plate).to_have_count(0)

    alarm.get_by_role("link", name="Post update").click()
    desk.get_by_role("link", name="Cause found").click()
    expect(desk.get_by_role("radio", name="Identified")).to_be_checked()
    expect(text).to_have_value(re.compile("We have found the cause"))
    desk.get_by_label("Next update by").select_option(index=2)
    expect(desk.locator("#preview")).to_contain_text("Next update by")
    text.press("Control+Enter")
    expect(plate).to_be_visible()
    expect(alarm).to_contain_text("Next update promised by")
    visitor.reload()
    expect(visitor.get_by_text("We have found the cause")).to_be_visible()

    alarm.get_by_role("link", name="Post update").click()
    desk.get_by_role("radio", name="Resolved").check()
    text.fill("Cards work again.")
    desk.get_by_role("button", name="Post update to 1").click()
    expect(plate).to_be_visible()
    expect(alarm).to_have_count(0)
    visitor.reload()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("All systems are operational")


def test_what_was_learned_is_written_and_published(
    open_tab: OpenTab, owner: User, page: Page
) -> None:
    scene = outage(page, Actor.of(owner), at=now())
    desk, visitor = open_tab("desktop", user=owner), open_tab("phone")
    desk.goto(f"/status-pages/{page.id}/incidents")
    desk.get_by_role("link", name=scene.past.name).click()

    desk.get_by_role("link", name="Write a postmortem").click()
    desk.get_by_label("What was learned").fill("A **cable** was loose.")
    expect(desk.locator("#preview strong")).to_have_text("cable")
    desk.get_by_role("button", name="Publish").click()
    expect(desk.get_by_role("status")).to_contain_text("The postmortem is public.")
    visitor.goto(f"/status/acme/incidents/{scene.past.id}")
    expect(visitor.get_by_text("cable")).to_be_visible()
