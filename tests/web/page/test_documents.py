from datetime import timedelta

import pytest
from django.utils.timezone import now

from incidents.lifecycle import IncidentStatus
from pages.models import Component, Page
from tests.factories import IncidentFactory
from web.page.documents import FRESH_FOR, Address, Document, build

UNKNOWN = "01932b3c-7f3a-7000-8000-000000000001"
ADDRESSES = [
    Address("acme", "page"),
    Address("acme", "incident", UNKNOWN),
    Address("acme", "status.json"),
    Address("acme", "summary.json"),
    Address("acme", "incidents/unresolved.json"),
    Address("acme", "history"),
    Address("acme", "archive"),
    Address("acme", "calendar"),
    Address("acme", "event", UNKNOWN),
]


def built(kind: str = "page") -> Document:
    document = build(Address("acme", kind), at=now())
    assert document is not None
    return document


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("state", [Page.State.DRAFT, Page.State.ARCHIVED])
def test_unpublished_pages_have_no_documents(
    page: Page, address: Address, state: Page.State
) -> None:
    page.status = state
    page.save()

    assert build(address, at=now()) is None


def test_drafts_of_incidents_have_no_document(page: Page) -> None:
    draft = IncidentFactory(page=page, status=IncidentStatus.DRAFT)

    assert build(Address("acme", "incident", str(draft.id)), at=now()) is None


def test_html_may_load_only_our_own_files_and_no_browser_shows_it_unasked(page: Page) -> None:
    headers = dict(built().headers)

    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == (
        "public, max-age=0, s-maxage=2, stale-while-revalidate=30, stale-if-error=86400"
    )
    assert headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("kind", ["summary.json", "incidents.json", "calendar"])
def test_data_may_be_read_from_everywhere(page: Page, kind: str) -> None:
    headers = dict(built(kind).headers)

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Cache-Control"] == "public, max-age=10"


def test_documents_carry_page_and_version(page: Page) -> None:
    for kind in ("page", "status.json", "summary.json", "history", "archive", "calendar"):
        assert (built(kind).page_id, built(kind).version) == (page.id, page.version)


def test_ages_on_the_page_are_renewed_within_a_minute(page: Page, component: Component) -> None:
    at = now()
    document = build(Address("acme", "page"), at=at)

    assert document is not None
    assert document.valid_until is not None
    assert at < document.valid_until <= at + FRESH_FOR
    assert timedelta(seconds=60) == FRESH_FOR


def test_the_same_facts_are_the_same_bytes(page: Page, component: Component) -> None:
    at = now()

    first, second = (build(Address("acme", "page"), at=at) for _ in range(2))

    assert first == second
