"""Before anything is posted: how it looks, who is told, the mail, a test, templates."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from accounts.models import User
from incidents.actions import create_template, update_incident
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentTemplate
from incidents.templates import give_defaults
from pages.models import Component, Page
from subscribers.audience import reach
from subscribers.models import Notification, Subscriber
from tests.factories import PageFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.test_updates import form_of
from web import limits
from web.dashboard.audience import WORDS

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _nobody_has_asked() -> None:
    limits.STORAGE.reset()


def preview(desk: Client, page: Page, incident: Incident, **values: str) -> str:
    url = address("update_preview", page, incident)
    return desk.post(url, form_of(incident, **values), headers=HTMX).content.decode()


def test_every_way_of_telling_has_its_words() -> None:
    assert set(WORDS) == set(Subscriber.Mode)


def test_the_audience_is_that_of_the_fan_out(
    desk: Client, page: Page, incident: Incident, component: Component
) -> None:
    make_subscriber(page, "all@example.com")
    make_subscriber(page, "one@example.com", component)
    Subscriber.objects.filter(pk=make_subscriber(page, "broken@example.com").pk).update(
        quarantined_at=now()
    )

    html = preview(desk, page, incident)

    assert "Will notify 2 by email; 1 quarantined." in html
    assert f"Post update to {reach(page, [component.pk]).total}" in html


def test_without_notify_the_button_says_that_nobody_is_told(
    desk: Client, page: Page, incident: Incident
) -> None:
    make_subscriber(page, "all@example.com")

    html = preview(desk, page, incident, notify="")

    assert "Will notify nobody:</b> you switched it off." in html
    assert "Post update, notify nobody" in html


def test_a_silent_incident_and_a_late_entry_tell_nobody(
    desk: Client, page: Page, incident: Incident, operator: Actor
) -> None:
    make_subscriber(page, "all@example.com")
    yesterday = (now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    assert "before the latest update" in preview(desk, page, incident, display_at=yesterday)

    update_incident(incident=incident, actor=operator, at=now(), deliver_notifications=False)
    assert "the incident is silent" in preview(desk, page, incident)


def test_an_update_ahead_says_when_it_is_told(desk: Client, page: Page, incident: Incident) -> None:
    make_subscriber(page, "all@example.com")
    tomorrow = (now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    assert "is told then" in preview(desk, page, incident, display_at=tomorrow)


def test_a_promise_is_shown_as_visitors_will_read_it(
    desk: Client, page: Page, incident: Incident
) -> None:
    by = (now() + timedelta(minutes=30)).replace(second=0, microsecond=0)

    html = preview(desk, page, incident, next_update_by=by.isoformat())

    assert f"Next update by {by:%H:%M}." in html


def test_the_head_of_the_page_is_foretold(
    desk: Client, page: Page, incident: Incident, component: Component
) -> None:
    name = f"system-{component.pk}"
    foretold = {
        "identified": "Major outage in Website",
        "resolved": "All systems are operational",
    }
    for status, sentence in foretold.items():
        assert f"“{sentence}”" in preview(desk, page, incident, status=status)

    html = desk.post(address("incident_new_preview", page), {"body": "x"}).content.decode()
    assert "Major outage in Website" in html
    desk.post(address("incident_delete", page, incident))
    for values, sentence in (
        ({}, "All systems are operational, one incident is open"),
        ({name: "partial_outage"}, "Partial outage in Website"),
    ):
        html = desk.post(address("incident_new_preview", page), values).content.decode()
        assert f"“{sentence}”" in html


def test_a_stage_that_there_is_not_changes_nothing(
    desk: Client, page: Page, incident: Incident
) -> None:
    for name, rows in (("update_new", [page, incident]), ("incident_new", [page])):
        assert desk.get(address(name, *rows), {"status": "nonsense"}).status_code == 200
    assert preview(desk, page, incident, status="nonsense")


def test_the_mail_is_the_one_that_is_sent_and_can_do_nothing(
    desk: Client, page: Page, incident: Incident
) -> None:
    answer = desk.post(address("update_mail", page, incident), form_of(incident, body="**Soon**"))

    html = answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert "<strong>Soon</strong>" in html
    assert "Payments fail" in html
    assert "Website" in html
    assert "default-src 'none'" in policy
    assert policy.endswith("sandbox")
    assert "frame-ancestors 'self'" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_only_screens_with_a_mail_may_frame(desk: Client, page: Page, incident: Incident) -> None:
    for name, rows in (("update_new", [page, incident]), ("incident_new", [page])):
        policy = desk.get(address(name, *rows)).headers["Content-Security-Policy"]
        assert "frame-src 'self'" in policy
    assert "frame-src" not in desk.get(address("overview", page)).headers["Content-Security-Policy"]


def test_the_mail_of_a_new_incident_can_be_seen_before_it_has_a_title(
    desk: Client, page: Page, component: Component
) -> None:
    answer = desk.post(
        address("incident_new_mail", page),
        {"status": "identified", f"system-{component.pk}": "major_outage"},
    )

    assert answer.status_code == 200
    assert "Identified" in answer.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_test_goes_to_its_author_alone(
    desk: Client, page: Page, incident: Incident, owner: User, headers: dict[str, str]
) -> None:
    make_subscriber(page, "reader@example.com")

    answer = desk.post(
        address("update_test", page, incident), form_of(incident, body="Mine."), headers=headers
    )

    assert answer.status_code == 200
    sent = Notification.objects.latest("created_at")
    assert (sent.audience, sent.operator) == (Notification.Audience.OPERATOR, owner)
    assert sent.message["is_test"] is True
    said = answer.headers.get("HX-Trigger", "") + answer.content.decode()
    assert f"A test is on its way to {owner.email}" in said
    assert headers or "Mine." in answer.content.decode()


def test_tests_are_not_sent_without_end(desk: Client, page: Page) -> None:
    url = address("incident_new_test", page)
    for _ in range(5):
        assert desk.post(url, {"body": "x"}, headers=HTMX).status_code == 200

    answer = desk.post(url, {"body": "x"}, headers=HTMX)

    assert answer.status_code == 429
    assert "Too many tests" in answer.headers["HX-Trigger"]
    assert Notification.objects.count() == 5


def test_one_click_fills_the_form_with_a_template(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    template = create_template(
        page=page,
        use=IncidentTemplate.Use.OPENING,
        name="Outage",
        title="Outage: {components}",
        body="Nobody can use {components} of {page}.",
        update_status=IncidentStatus.IDENTIFIED,
        actor=operator,
        at=now(),
    )
    query = {"template": str(template.pk), f"system-{component.pk}": "major_outage"}
    url = address("incident_new", page)

    page_html = desk.get(url, query).content.decode()
    fragment = desk.get(url, query, headers=HTMX).content.decode()

    for html in (page_html, fragment):
        assert "Outage: Website" in html
        assert "Nobody can use Website of Acme." in html
        assert '<option value="major_outage" selected>' in html
    assert "<html" in page_html
    assert "<html" not in fragment


def test_a_template_of_an_update_keeps_the_stage_that_was_chosen(
    desk: Client, page: Page, incident: Incident
) -> None:
    give_defaults(page, at=now())
    no_news = page.templates.get(name="No news yet")
    query = {"template": str(no_news.pk), "status": "monitoring"}

    answer = desk.get(address("update_new", page, incident), query, headers=HTMX)

    assert answer.context["form"]["status"].value() == "monitoring"
    assert "Nothing has changed since" in answer.content.decode()


def test_templates_of_other_pages_and_uses_are_missing(
    desk: Client, page: Page, incident: Incident
) -> None:
    foreign = PageFactory()
    for one in (page, foreign):
        give_defaults(one, at=now())
    url = address("update_new", page, incident)
    for template in (foreign.templates.get(name="Fix is in"), page.templates.get(name="Outage")):
        assert desk.get(url, {"template": str(template.pk)}).status_code == 404
    assert desk.get(url, {"template": "none"}).status_code == 404


@pytest.mark.parametrize(
    "promised",
    [
        "9999-12-31T23:30:00+00:00",
        "9999-12-31T23:59:59-23:59",
        "2027-01-01T00:00:00.000001+23:59:59",
        "2027-01-01T00:00:00",
        "soon",
    ],
)
def test_a_promise_for_no_time_at_all_is_refused(
    desk: Client, page: Page, incident: Incident, promised: str
) -> None:
    before = incident.updates.count()
    form = form_of(incident, body="More.", next_update_by=promised)
    assert desk.post(address("update_new", page, incident), form).status_code == 422
    assert desk.post(address("update_preview", page, incident), form).status_code == 200
    assert incident.updates.count() == before
