"""Nobody is locked out: axe finds nothing, on no screen, in no size, light or dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from accounts.actor import Actor
from accounts.models import User
from pages.models import Component, Page
from subscribers.models import Notification
from tests.browser.conftest import OpenTab
from tests.browser.scenes import Scene, outage
from tests.web.dashboard.conftest import address

LOOKS = [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("phone", "dark")]


def check(tab: Tab, path: str) -> None:
    answer = tab.goto(path)
    assert answer
    assert answer.status == 200, path
    found = Axe().run(tab)
    assert not found.violations_count, f"{path}\n{found.generate_report()}"
    wider = tab.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wider, f"{path} scrolls sideways"


def screens(scene: Scene) -> list[str]:
    page, incident = scene.page, scene.incident
    tabs = ["overview", "components", "incidents", "subscribers", "deliveries", "settings"]
    forms = ["component_new", "group_new", "incident_new", "page_archive", "backfill"]
    return [
        address("pages"),
        address("page_new"),
        *(address(name, page) for name in [*tabs, *forms]),
        address("component_edit", page, scene.components[0]),
        address("incident", page, incident),
        *(address(name, page, incident) for name in ["update_new", "incident_settings"]),
        address("update_edit", page, incident, incident.updates.first()),
        address("update_new", page, scene.past),
        address("incident", page, scene.past),
        address("postmortem", page, scene.past),
        address("draft_edit", page, scene.draft),
        address("templates", page),
        address("template_new", page, "maintenance"),
        address("template_edit", page, page.templates.first()),
        address("delivery", page, Notification.objects.filter(topic=incident.id).first()),
    ]


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_the_dashboard(open_tab: OpenTab, owner: User, page: Page, size: str, scheme: str) -> None:
    scene = outage(page, Actor.of(owner), at=now())
    tab = open_tab(size, scheme, owner)
    for path in screens(scene):
        check(tab, path)
    post(tab, scene)
    check(tab, address("incident", page, scene.incident))


def post(tab: Tab, scene: Scene) -> None:
    """Leaves a plate on the screen; the mail is looked at on the way."""
    tab.goto(address("update_new", scene.page, scene.incident))
    tab.get_by_role("radio", name="Email").check()
    mail = tab.frame_locator("iframe[name=mail]")
    expect(mail.get_by_text(scene.incident.name)).to_be_visible()
    tab.get_by_label("What people should know").fill("News.")
    expect(mail.get_by_text("News.")).to_be_visible()
    tab.locator(".posting").click()
    expect(tab.get_by_role("region", name="Waiting to be sent")).to_be_visible()


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "dark"), ("phone", "light")])
def test_sign_in(open_tab: OpenTab, size: str, scheme: str) -> None:
    tab = open_tab(size, scheme)
    for path in ("/accounts/login/", "/accounts/password/reset/", "/accounts/password/reset/done/"):
        check(tab, path)


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_public_page_in_an_outage(
    open_tab: OpenTab, operator: Actor, page: Page, size: str, scheme: str
) -> None:
    scene = outage(page, operator, at=now())
    tab = open_tab(size, scheme)
    check(tab, "/status/acme")
    check(tab, f"/status/acme/incidents/{scene.incident.id}")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_public_page_when_all_is_well(
    open_tab: OpenTab, page: Page, component: Component, size: str, scheme: str
) -> None:
    check(open_tab(size, scheme), "/status/acme")
