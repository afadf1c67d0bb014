"""What the mails of each kind say, in both parts."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pages.models import Component, Page
from subscribers.channels import letter
from subscribers.channels.frame import SECRET
from subscribers.channels.letter import Letter
from subscribers.message import Kind, Message
from tests.subscribers.factories import make_fact, make_message

TO = "\N{EN DASH}"
STARTS_AT = datetime(2026, 11, 29, 1, tzinfo=UTC)
LINKS = {
    "page": "http://localhost:8000/status/acme",
    "incident": "http://localhost:8000/status/acme/incidents/1",
    "calendar": "http://localhost:8000/status/acme/calendar.ics",
    "dashboard": "http://localhost:8000/status-pages/1/incidents",
}
MAINTENANCE = [kind for kind in Kind if kind.startswith("maintenance")]
AHEAD = {Kind.MAINTENANCE_SCHEDULED, Kind.MAINTENANCE_MOVED, Kind.MAINTENANCE_REMINDER}


@pytest.fixture
def berlin(page: Page) -> Page:
    page.timezone = "Europe/Berlin"
    page.save()
    return page


def write(page: Page, message: Message, *, to_operators: bool = False) -> Letter:
    return letter.write(message, page=page, language="en", to_operators=to_operators)


def maintenance(kind: Kind, **fields: Any) -> Message:
    """Two hours of it, told three hours before or, completed, at its end."""
    ends_at = STARTS_AT + timedelta(hours=2)
    is_over = kind is Kind.MAINTENANCE_COMPLETED
    values: dict[str, Any] = {
        "title": "Database migration",
        "kind": kind,
        "status": "scheduled",
        "status_label": "Scheduled",
        "status_colour": "#6aa6f8",
        "impact": "maintenance",
        "occurred_at": ends_at if is_over else STARTS_AT - timedelta(hours=3),
        "starts_at": STARTS_AT,
        "ends_at": ends_at,
        "links": LINKS,
    }
    return make_message(**(values | fields))


def words(html: str) -> str:
    """What a reader sees of it, on one line."""
    shown = re.sub(r"<head>.*?</head>|<[^>]+>", " ", html, flags=re.DOTALL)
    return " ".join(shown.split())


def assert_both_say(written: Letter, *sentences: str) -> None:
    for sentence in sentences:
        assert sentence in written.text
        assert sentence in words(written.html)


def assert_neither_says(written: Letter, *sentences: str) -> None:
    for sentence in sentences:
        assert sentence not in written.text
        assert sentence not in written.html


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        (Kind.MAINTENANCE_SCHEDULED, "Scheduled maintenance: Database migration"),
        (Kind.MAINTENANCE_MOVED, "Maintenance moved: Database migration"),
        (Kind.MAINTENANCE_REMINDER, "Maintenance starts in 3 hours: Database migration"),
        (Kind.MAINTENANCE_STARTED, "Maintenance started: Database migration"),
        (Kind.MAINTENANCE_UPDATED, "Maintenance update: Database migration"),
        (Kind.MAINTENANCE_COMPLETED, "Maintenance completed: Database migration"),
        (Kind.MAINTENANCE_CANCELLED, "Maintenance cancelled: Database migration"),
        (Kind.POSTMORTEM_PUBLISHED, "Postmortem: Database migration"),
    ],
)
def test_the_subject_says_what_happened(page: Page, kind: Kind, subject: str):
    assert write(page, maintenance(kind)).subject == subject


def test_a_reminder_that_comes_late_says_that_it_starts_now(page: Page):
    message = maintenance(Kind.MAINTENANCE_REMINDER, occurred_at=STARTS_AT + timedelta(minutes=5))
    assert write(page, message).subject == "Maintenance starts now: Database migration"


@pytest.mark.parametrize("kind", [Kind.MAINTENANCE_REMINDER, Kind.INCIDENT_CREATED])
def test_braces_in_a_title_stay_as_they_are(page: Page, kind: Kind):
    written = write(page, maintenance(kind, title="{title} {when} {0} {{ 7 }}"))
    assert written.subject.endswith(": {title} {when} {0} {{ 7 }}")


@pytest.mark.parametrize("kind", MAINTENANCE)
def test_a_maintenance_is_told_with_its_span_its_text_and_its_systems(
    berlin: Page, component: Component, kind: Kind
):
    fact = make_fact(component, new="under_maintenance")
    written = write(berlin, maintenance(kind, facts=(fact,)))
    assert_both_say(
        written,
        "Acme status",
        "Database migration",
        "Scheduled",
        f"Sun 29 Nov 2026, 02:00{TO}04:00 (Berlin), 01:00{TO}03:00 UTC",
        "We look into it.",
        "Affected services: Website",
        "View status page →",
    )
    assert LINKS["incident"] in written.text
    assert LINKS["incident"] in written.html
    assert "background-color: #6aa6f8" in written.html
    assert_neither_says(written, "severity", "Latest update")


@pytest.mark.parametrize("kind", MAINTENANCE)
def test_what_is_to_come_has_a_calendar_and_no_states_yet(
    page: Page, component: Component, kind: Kind
):
    fact = make_fact(component, new="under_maintenance")
    written = write(page, maintenance(kind, facts=(fact,)))
    if kind in AHEAD:
        assert_both_say(written, "Starts in 3 hours", "Add to calendar")
        assert LINKS["calendar"] in written.text
        assert f'href="{LINKS["calendar"]}"' in written.html
        assert_neither_says(written, "Under maintenance")
    else:
        assert_neither_says(written, "Starts in", "Add to calendar", LINKS["calendar"])
        assert_both_say(written, "Under maintenance")


def test_without_a_calendar_there_is_no_link_to_one(page: Page):
    links = {name: url for name, url in LINKS.items() if name != "calendar"}
    written = write(page, maintenance(Kind.MAINTENANCE_SCHEDULED, links=links))
    assert_neither_says(written, "Add to calendar")


def test_moved_and_cancelled_name_the_span_as_what_it_is(page: Page):
    moved = write(page, maintenance(Kind.MAINTENANCE_MOVED))
    assert_both_say(moved, f"New time: Sun 29 Nov 2026, 01:00{TO}03:00 UTC")
    cancelled = write(page, maintenance(Kind.MAINTENANCE_CANCELLED))
    assert_both_say(cancelled, f"Was planned for Sun 29 Nov 2026, 01:00{TO}03:00 UTC")


@pytest.mark.parametrize(("minutes", "ended"), [(45, "01:45"), (150, "03:30"), (-5, "01:00")])
def test_a_completed_maintenance_tells_when_it_really_ended(page: Page, minutes: int, ended: str):
    ended_at = STARTS_AT + timedelta(minutes=minutes)
    written = write(page, maintenance(Kind.MAINTENANCE_COMPLETED, occurred_at=ended_at))
    assert_both_say(written, f"Sun 29 Nov 2026, 01:00{TO}{ended} UTC")


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("scheduled", "dotted"),
        ("in_progress", "dashed"),
        ("verifying", "double"),
        ("completed", "solid"),
        ("cancelled", "solid"),
    ],
)
def test_the_line_tells_the_stage_of_a_maintenance(page: Page, status: str, line: str):
    written = write(page, maintenance(Kind.MAINTENANCE_UPDATED, status=status))
    assert f"border-top-style: {line}" in written.html


@pytest.mark.parametrize("kind", [Kind.INCIDENT_UPDATED, Kind.MAINTENANCE_UPDATED])
def test_the_promised_next_update_stands_out(berlin: Page, kind: Kind):
    at = datetime(2025, 11, 21, 13, 32, tzinfo=UTC)
    message = make_message(kind=kind, occurred_at=at, next_update_by=at + timedelta(minutes=28))
    written = write(berlin, message)
    sentence = "Next update by 15:00 (Berlin), 14:00 UTC"
    assert_both_say(written, sentence)
    assert f"<strong>{sentence}</strong>" in written.html


def test_without_a_promise_no_next_update_is_named(page: Page):
    assert_neither_says(write(page, make_message()), "Next update")


def test_a_postmortem_is_told_whole_and_leads_to_the_incident(page: Page):
    body = {"en": "## What happened\n\nA *router* lost its routes."}
    message = make_message(kind=Kind.POSTMORTEM_PUBLISHED, body=body, links=LINKS)
    written = write(page, message)
    assert "<em>router</em>" in written.html
    assert "A *router* lost its routes." in written.text
    assert_both_say(written, "Postmortem", "Payments fail", "Read it on the status page →")
    assert LINKS["incident"] in written.text
    assert f'href="{LINKS["incident"]}"' in written.html
    assert_neither_says(written, "Latest update", "severity")


def test_a_draft_leads_its_operator_to_the_decision(page: Page, component: Component):
    message = make_message(
        "Draft incident: Website does not answer",
        kind=Kind.DRAFT_NOTICE,
        body={"en": "Monitoring found this. It publishes itself at 14:37 (Europe/Berlin)."},
        facts=(make_fact(component, new="major_outage"),),
        links=LINKS,
    )
    written = write(page, message, to_operators=True)
    assert written.subject == "Draft incident: Website does not answer"
    assert_both_say(
        written,
        "Monitoring found this. It publishes itself at 14:37 (Europe/Berlin).",
        "Major outage",
        "Decide →",
        "Open the dashboard",
        "Do not pass it on.",
    )
    for link in (f"http://localhost:8000/drafts/{SECRET}", LINKS["dashboard"]):
        assert link in written.text
        assert f'href="{link}"' in written.html
    assert written.html.count('class="button"') == 1
    assert_neither_says(written, "nsubscribe")


@pytest.mark.parametrize("kind", [*MAINTENANCE, Kind.INCIDENT_CREATED, Kind.POSTMORTEM_PUBLISHED])
def test_a_test_says_so_before_anything_else(page: Page, kind: Kind):
    real = write(page, maintenance(kind))
    test = write(page, maintenance(kind, is_test=True), to_operators=True)
    assert test.subject == f"[Test] {real.subject}"
    notice = "This is a test. It was sent only to you."
    assert test.text.startswith(notice)
    assert words(test.html).startswith(notice)
    assert_neither_says(real, notice)
    assert_neither_says(test, "nsubscribe")


def test_a_test_of_what_has_no_address_yet_has_no_link_to_it(page: Page):
    written = write(page, make_message(links={"page": LINKS["page"]}), to_operators=True)
    assert 'href=""' not in written.html
    assert_both_say(written, "Payments fail")


@pytest.mark.parametrize("kind", [*MAINTENANCE, Kind.POSTMORTEM_PUBLISHED, Kind.DRAFT_NOTICE])
def test_hostile_text_is_inert_in_every_kind(page: Page, component: Component, kind: Kind):
    component.name = "<img src=x onerror=alert(1)>"
    message = maintenance(
        kind,
        title="<script>alert(1)</script> {{ 7|add:7 }}",
        body={"en": "<iframe src=//evil></iframe> [x](javascript:alert(1)) {% now 'Y' %}"},
        status_label="<b onmouseover=alert(1)>",
        status_colour="red;background:url(//evil)",
        facts=(make_fact(component, new="major_outage"),),
    )
    html = write(page, message).html
    for live in ("<script", "<iframe", "<img", "<b ", 'href="javascript', "url("):
        assert live not in html
    assert "{{ 7|add:7 }}" in html
    assert "{% now" in html
