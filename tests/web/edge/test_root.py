"""The default page at the root of the main host."""

import json

import pytest
from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident
from pages.models import Component, Page
from pages.status import Status
from tests.factories import ComponentFactory, PageFactory
from tests.processes import wait_until
from tests.web.edge.conftest import Web, shows_at_root


@pytest.fixture
def component(transactional_db: None) -> Component:
    page = PageFactory(name="Acme", subdomain="at-the-root")
    return ComponentFactory(page=page, name="Website", slug="website")


@pytest.fixture
def at_root(component: Component, standing_web: Web) -> Web:
    """With the only published page."""
    page = component.page
    wait_until(lambda: shows_at_root(standing_web, page), within=5, what="the page at the root")
    return standing_web


def test_the_default_page_answers_at_the_root_with_its_tree(at_root: Web, component: Component):
    page = component.page
    incident = open_incident(
        page=page,
        name="Down",
        body="We look.",
        statuses={component: Status.MAJOR},
        actor=SYSTEM,
        at=now(),
    )
    own = f"/status/{page.subdomain}"
    wait_until(lambda: b"We look." in at_root.ask("/").body, within=5, what="the incident")
    assert f'href="http://localhost:{at_root.port}{own}"'.encode() in at_root.ask("/").body
    for path in ("/api/v2/status.json", "/api/v2/summary.json", f"/incidents/{incident.pk}"):
        wanted = at_root.ask(own + path)
        assert wanted.status == 200
        for spelling in (path, f"{path}/", f"{path}?utm=x"):
            assert at_root.ask(spelling).headers["etag"] == wanted.headers["etag"]
    tag = at_root.ask("/").headers["etag"]
    assert at_root.ask("/?utm=x", if_none_match=tag, cookie="sessionid=x").status == 304
    assert json.loads(at_root.ask("/api/v2/status.json").body)["page"]["name"] == "Acme"


def test_what_is_no_document_of_the_default_page_is_djangos(at_root: Web):
    unsubscribe = at_root.ask("/?unsubscribe=token")
    assert (unsubscribe.status, unsubscribe.headers["location"]) == (
        302,
        "/status/unsubscribe/token",
    )
    for path in ("//", "/incidents/", "/api/v2/", "/subscribe"):
        assert at_root.ask(path).status == 404
    assert at_root.ask("/", Host="evil.example").status == 400


def test_without_a_default_page_the_root_leads_to_sign_in(at_root: Web, component: Component):
    PageFactory()
    wait_until(lambda: at_root.ask("/").status == 302, within=3, what="the way to sign in")
    assert at_root.ask("/").headers["location"] == "/accounts/login/"
    assert at_root.ask("/api/v2/status.json").status == 404
    Page.objects.exclude(pk=component.page.pk).delete()
    wait_until(lambda: shows_at_root(at_root, component.page), within=3, what="the page again")
