"""From a mail at night: a draft is read and published on a phone, by nobody who signed in."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from accounts.models import User
from incidents.models import Incident
from pages.models import Page
from subscribers import vault
from subscribers.models import Notification
from tests.browser.conftest import OpenTab
from tests.browser.test_axe import check
from tests.factories import ComponentFactory
from tests.incidents.checks import fail


@pytest.fixture
def path(page: Page, owner: User) -> str:
    api = ComponentFactory(page=page, name="API", created_at=now() - timedelta(days=2))
    fail(api, now())
    return f"/drafts/{vault.secret_of(Notification.objects.get(kind='draft_notice'))}"


@pytest.mark.parametrize(("size", "scheme"), [("phone", "dark"), ("desktop", "light")])
def test_a_draft_is_published_from_its_link(
    open_tab: OpenTab, path: str, size: str, scheme: str
) -> None:
    tab = open_tab(size, scheme, script=False)
    tab.goto(path)
    tab.get_by_role("button", name="Publish the incident").click()
    tab.get_by_role("heading", name="It is published").wait_for()
    assert Incident.objects.get().status == "investigating"
    assert tab.context.cookies() == []


def test_anybody_can_read_it(open_tab: OpenTab, path: str) -> None:
    check(open_tab("phone", "dark"), path)
    check(open_tab("desktop", "light"), path)
