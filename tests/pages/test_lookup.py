"""Which page an address means, and which address a page has."""

import uuid

import pytest

from pages import links
from pages.lookup import default_page, published_page
from pages.models import Page
from tests.factories import PageFactory


def test_a_page_is_found_by_its_subdomain_or_its_id(page) -> None:
    for ref in ("acme", "ACME", str(page.pk), str(page.pk).upper()):
        assert published_page(ref) == page


def test_an_id_has_one_spelling(page) -> None:
    for ref in (page.pk.hex, f"-{page.pk.hex}", f"{page.pk.hex[:8]}--{page.pk.hex[8:]}"):
        assert published_page(ref) is None


def test_a_page_under_its_own_id_is_found_once(project) -> None:
    page_id = uuid.uuid4()
    made = PageFactory(project=project, id=page_id, subdomain=str(page_id))
    assert published_page(str(page_id)) == made


@pytest.mark.parametrize(
    "ref", ["", "a", "nobody", "a\0b", "x" * 5000, "acme/", "%00", "\uff41cme"]
)
def test_anything_else_is_not_found(page, ref) -> None:
    assert published_page(ref) is None


@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_drafts_and_archived_pages_are_not_found(project, state, settings) -> None:
    hidden = PageFactory(project=project, status=state, subdomain="hidden")
    assert published_page("hidden") is None
    assert published_page(str(hidden.pk)) is None
    assert default_page() is None
    settings.DEFAULT_PAGE = "hidden"
    assert default_page() is None


def test_the_default_page_is_the_named_or_the_only_one(page, settings) -> None:
    assert default_page() == page
    other = PageFactory(subdomain="other")
    assert default_page() is None
    settings.DEFAULT_PAGE = "other"
    assert default_page() == other


def test_links_stand_on_the_main_host(page, settings) -> None:
    settings.MAIN_URL = "https://status.example.com"
    incident = uuid.UUID(int=7)
    assert links.page_url(page) == "https://status.example.com/status/acme"
    assert links.incident_url(page, incident) == f"{links.page_url(page)}/incidents/{incident}"
