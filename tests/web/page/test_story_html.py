"""Promises, edits, postmortems and corrections, as visitors read them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from incidents.models import Incident, Postmortem
from pages.models import Component, Page, Reclassification
from tests.factories import IncidentFactory, IncidentUpdateFactory
from tests.web.page.test_html import words
from web.page.documents import Address, build

AT = datetime(2025, 11, 21, 14, 41, tzinfo=UTC)
DUE = AT + timedelta(minutes=19)


@pytest.fixture(autouse=True)
def page_of_august(page: Page) -> Page:
    Page.objects.update(created_at=AT - timedelta(days=100))
    page.refresh_from_db()
    return page


def html(kind: str = "page", argument: str = "", at: datetime = AT) -> str:
    document = build(Address("acme", kind, argument), at=at)
    assert document is not None
    return document.body.decode()


def incident(page: Page, **more: Any) -> Incident:
    row = IncidentFactory(page=page, started_at=AT - timedelta(minutes=50), **more)
    IncidentUpdateFactory(incident=row, body="Older.", display_at=AT - timedelta(minutes=43))
    IncidentUpdateFactory(incident=row, body="Newer.", display_at=AT - timedelta(minutes=9))
    return row


def both(row: Incident, at: datetime = AT) -> list[str]:
    return [words(html(at=at)), words(html("incident", str(row.id), at))]


def test_the_promise_ends_the_newest_update(page: Page) -> None:
    row = incident(page, next_update_by=DUE)

    for read in both(row):
        assert read.count("Next update by 15:00 .") == 1
        assert read.index("Newer.") < read.index("Next update by") < read.index("Older.")
    assert "<b>Next update by" in html()


def test_a_promise_that_passed_is_said_calmly(page: Page) -> None:
    row = incident(page, next_update_by=DUE)

    for read in both(row, at=DUE):
        assert "An update was due at 15:00 ." in read
        assert "Next update by" not in read


def test_a_promise_for_another_day_names_it(page: Page) -> None:
    incident(page, next_update_by=AT + timedelta(days=1))

    assert "Next update by Sat 22 Nov , 14:41 ." in words(html())


def test_what_is_over_promises_nothing(page: Page) -> None:
    row = incident(page, status="resolved", resolved_at=AT, next_update_by=DUE)

    assert "Next update" not in words(html("incident", str(row.id)))


def test_an_edited_update_says_so_with_the_time(page: Page) -> None:
    row = incident(page)
    row.updates.filter(body="Older.").update(edited_at=AT - timedelta(minutes=30))

    for read in both(row):
        assert read.count("edited") == 1
        assert "Investigating edited Fri 21 Nov at 14:11 Older." in read


def test_a_postmortem_stands_before_the_updates_once_published(page: Page) -> None:
    row = incident(page, status="resolved", resolved_at=AT)
    text = "# What happened\n\nA *certificate*.\n\n### Details\n\n# What we change"
    written = Postmortem.objects.create(incident=row, body_draft="Secret")

    assert "Postmortem" not in html("incident", str(row.id))

    written.body, written.published_at = text, datetime(2025, 11, 24, 10, tzinfo=UTC)
    written.save()
    shown = html("incident", str(row.id))
    read = words(shown)

    assert "Secret" not in shown
    assert "Published on Mon 24 Nov at 10:00" in read
    assert read.index("Impact") < read.index("What happened") < read.index("Updates")
    assert shown.count("<h1") == 1
    assert "<h3>What happened</h3>" in shown
    assert "<h4>Details</h4>" in shown
    assert "<em>certificate</em>" in shown


def test_the_past_two_weeks_link_a_postmortem(page: Page) -> None:
    row = incident(page, status="resolved", resolved_at=AT)
    Postmortem.objects.create(incident=row, body="Why.", published_at=AT)

    assert f'<a href="/status/acme/incidents/{row.id}#postmortem">Postmortem</a>' in html()


@pytest.mark.parametrize(
    ("archived", "path"), [(None, "history/2025-11"), (AT, "history/archive/2025-11")]
)
def test_an_incident_leads_to_where_it_stands_in_the_history(
    page: Page, archived: datetime | None, path: str
) -> None:
    row = incident(page, status="resolved", resolved_at=AT, archived_at=archived)

    assert f'<a href="/status/acme/{path}">November 2025</a>' in html("incident", str(row.id))
    assert build(Address("acme", "history", "2025-11"), at=AT)


def correct(component: Component, **more: Any) -> None:
    since = datetime(2025, 10, 12, 6, tzinfo=UTC)
    values = {"since": since, "until": since + timedelta(hours=2), "kind": "maintenance"}
    Reclassification.objects.create(
        component=component, reason="Agreed <b>ahead</b>", **(values | more)
    )


def test_a_correction_stands_below_the_system_with_its_reason(
    page: Page, component: Component
) -> None:
    correct(component)

    shown = html()

    assert (
        "Corrected afterwards: Website , 12 October, 06:00\u201308:00, was maintenance."
        " Agreed <b>ahead</b>"
    ) in words(shown)
    assert "Agreed &lt;b&gt;ahead&lt;/b&gt;" in shown


def test_a_correction_over_midnight_names_both_days(page: Page, component: Component) -> None:
    correct(component, kind="checker_fault", until=datetime(2025, 10, 13, 1, tzinfo=UTC))

    assert "12 October, 06:00\u201313 October, 01:00, checker fault, not counted." in words(html())


def test_corrections_older_than_the_strip_or_withdrawn_are_not_told(
    page: Page, component: Component
) -> None:
    old = AT - timedelta(days=200)
    correct(component, since=old, until=old + timedelta(hours=1))
    correct(component, withdrawn_at=AT)

    assert "Corrected afterwards" not in html()
