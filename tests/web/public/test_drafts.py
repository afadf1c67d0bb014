"""The link of a draft's mail, as an operator, a mail scanner and a stranger use it."""

import email
import re
from datetime import timedelta
from email.policy import default

import pytest
import time_machine
from django.test import Client
from django.utils.timezone import now

from accounts.models import AuditEvent, OrganizationMembership, ProjectMembership, User
from accounts.roles import Role
from incidents import draft_links
from incidents.actions import dismiss_draft, publish_draft
from incidents.models import DraftLink, Incident
from pages.models import Component, Page
from pages.status import Status
from statuspage.logs import redact
from subscribers import delivery, relay, tokens, vault
from subscribers.models import Notification
from tests.factories import ComponentFactory, ProjectMembershipFactory, UserFactory
from tests.incidents.checks import fail, recover
from web.edge.paths import is_public

LONG_AGO = timedelta(days=2)


@pytest.fixture
def api(page: Page) -> Component:
    return ComponentFactory(page=page, name="API", created_at=now() - LONG_AGO)


@pytest.fixture
def drafted(api: Component, owner: User) -> Incident:
    """What monitoring found, five minutes before it publishes itself."""
    fail(api, now())
    return Incident.objects.drafts().get()


@pytest.fixture
def path(drafted: Incident, owner: User) -> str:
    return path_of(owner)


@pytest.fixture
def reader() -> Client:
    """CSRF is enforced, and nobody is signed in."""
    return Client(enforce_csrf_checks=True)


def path_of(operator: User) -> str:
    notice = Notification.objects.get(kind="draft_notice", operator=operator)
    return f"/drafts/{vault.secret_of(notice)}"


def assert_private(response) -> None:
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.usefixtures("viewer", "stranger")
def test_each_operator_is_mailed_a_link_of_their_own(api, owner, editor, settings, tmp_path):
    settings.DATA_DIR, settings.EMAIL_URL = tmp_path, ""
    fail(api, now())
    relay.fan_out_all()
    delivery.run("email", seconds=10)
    links = {}
    for file in (tmp_path / "mail").glob("*.eml"):
        mail = email.message_from_bytes(file.read_bytes(), policy=default)
        text = mail.get_body(("plain",)).get_content()
        links[str(mail["To"])] = re.findall(r"/drafts/([0-9a-f]{64})", text)
    assert links.keys() == {owner.email, editor.email}
    assert {len(found) for found in links.values()} == {1}
    for operator in (owner, editor):
        [token] = links[operator.email]
        assert draft_links.find(token, at=now()).user == operator


def test_only_the_digest_is_kept(path):
    token = path.rpartition("/")[2]
    assert bytes(DraftLink.objects.get().token_hash) == tokens.digest(token)


def test_the_link_shows_the_draft_and_two_buttons(path, reader):
    answer = reader.get(path)
    assert answer.status_code == 200
    for words in ("Major outage in API", "API</bdi>: Major outage", "It publishes itself at"):
        assert words in answer.text
    assert "Our checks of API have failed since" in answer.text
    assert re.findall(r'name="act" value="(\w+)"', answer.text) == ["publish", "dismiss"]
    assert_private(answer)


def test_a_draft_that_waits_for_a_person_says_so(api, owner, reader):
    Page.objects.update(auto_publish_after=None)
    fail(api, now())
    assert "waits until somebody publishes or dismisses it" in reader.get(path_of(owner)).text


@pytest.mark.parametrize("method", ["get", "head", "options", "put"])
def test_what_scanners_do_changes_nothing(path, reader, method):
    before = Incident.objects.values().get()
    for _ in range(3):
        getattr(reader, method)(path)
    assert Incident.objects.values().get() == before
    assert DraftLink.objects.count() == 1


def test_publish_publishes_as_the_operator(path, reader, owner):
    answer = reader.post(path, {"act": "publish"})
    assert (answer.status_code, "It is published" in answer.text) == (200, True)
    assert_private(answer)
    incident = Incident.objects.get()
    assert incident.status == "investigating"
    assert f"/incidents/{incident.pk}" in answer.text
    row = AuditEvent.objects.get(action="incident.publish")
    assert (row.user, row.actor) == (owner, f"{owner.email} (mail link)")
    assert Notification.objects.filter(kind="incident_created").count() == 1


def test_dismiss_dismisses(path, reader):
    assert "It is dismissed" in reader.post(path, {"act": "dismiss"}).text
    assert Incident.objects.get().dismissed_at
    assert not Notification.objects.filter(kind="incident_created").exists()


def test_a_second_click_shows_what_became_of_it(path, reader):
    reader.post(path, {"act": "publish"})
    for again in (reader.post(path, {"act": "dismiss"}), reader.get(path)):
        assert (again.status_code, "It is published" in again.text) == (200, True)
    assert Incident.objects.get().dismissed_at is None
    assert Notification.objects.filter(kind="incident_created").count() == 1


@pytest.mark.parametrize("form", [{}, {"act": ""}, {"act": "delete"}, {"act": "publish\x00"}])
def test_another_act_changes_nothing_and_shows_the_draft(path, reader, form):
    answer = reader.post(path, form)
    assert "What visitors would read" in answer.text
    assert Incident.objects.drafts().exists()


def test_a_draft_settled_by_another_operator_says_what_became_of_it(
    drafted, path, reader, operator
):
    dismiss_draft(incident=drafted, actor=operator, at=now())
    assert "It is dismissed" in reader.get(path).text
    assert "It is dismissed" in reader.post(path, {"act": "publish"}).text
    assert Incident.objects.get().status == "draft"


def test_an_outage_that_ended_by_itself_says_so(drafted, path, api, reader):
    recover(api, now() + timedelta(minutes=1))
    assert "It is over" in reader.get(path).text
    assert "It is over" in reader.post(path, {"act": "publish"}).text
    assert Incident.objects.get().status == "draft"


def test_a_page_that_is_not_public_offers_no_way_to_the_incident(drafted, path, reader, operator):
    publish_draft(incident=drafted, actor=operator, at=now())
    assert f"/incidents/{drafted.pk}" in reader.get(path).text
    Page.objects.update(status=Page.State.ARCHIVED)
    assert f"/incidents/{drafted.pk}" not in reader.get(path).text


def test_every_link_that_does_not_count_is_answered_alike(drafted, path, reader, editor, owner):
    """Unknown, malformed, of another kind, of a deleted draft: one page, one status."""
    unknown = reader.get(f"/drafts/{'0' * 64}")
    assert unknown.status_code == 404
    assert_private(unknown)
    upper = path.rpartition("/")[2].upper()
    for token in ("x", "0" * 63, upper, "%00", "é", "0" * 4000):
        answer = reader.get(f"/drafts/{token}")
        assert answer.content == unknown.content, token
    assert reader.post(f"/drafts/{'0' * 64}", {"act": "publish"}).content == unknown.content
    Incident.objects.all().delete()
    assert reader.get(path).content == unknown.content


def test_a_link_is_valid_for_seven_days(path, reader):
    with time_machine.travel(now() + draft_links.VALID - timedelta(minutes=1)):
        assert reader.get(path).status_code == 200
    with time_machine.travel(now() + draft_links.VALID + timedelta(minutes=1)):
        assert reader.get(path).status_code == 404
        assert reader.post(path, {"act": "publish"}).status_code == 404
    assert Incident.objects.get().status == "draft"


def test_who_lost_the_right_has_no_link_any_more(api, reader, project, owner):
    member = ProjectMembershipFactory(project=project, role=Role.EDITOR).user
    fail(api, now())
    path = path_of(member)
    assert reader.get(path).status_code == 200
    ProjectMembership.objects.update(role=Role.VIEWER)
    assert reader.get(path).status_code == 404
    assert reader.post(path, {"act": "publish"}).status_code == 404
    ProjectMembership.objects.update(role=Role.EDITOR)
    User.objects.filter(pk=member.pk).update(is_active=False)
    assert reader.post(path, {"act": "publish"}).status_code == 404
    assert Incident.objects.drafts().exists()


def test_a_draft_that_began_again_can_be_settled_by_the_same_link(drafted, path, api, reader):
    recover(api, now() + timedelta(minutes=1))
    fail(api, now() + timedelta(minutes=2))
    assert "What visitors would read" in reader.get(path).text
    reader.post(path, {"act": "dismiss"})
    assert Incident.objects.get().dismissed_at


def test_hostile_names_and_texts_are_escaped(page, owner, reader):
    name = "<script>alert(1)</script>"
    hostile = ComponentFactory(page=page, name=name, created_at=now() - LONG_AGO)
    fail(hostile, now())
    text = reader.get(path_of(owner)).text
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_old_links_are_forgotten(path):
    assert draft_links.forget_old(at=now() + draft_links.VALID - timedelta(minutes=1)) == 0
    assert draft_links.forget_old(at=now() + draft_links.VALID + timedelta(minutes=1)) == 1


def test_a_page_nobody_operates_mails_nobody(api):
    OrganizationMembership.objects.all().delete()
    UserFactory()
    fail(api, now())
    assert not DraftLink.objects.exists()


def test_the_token_stands_in_no_log_and_the_edge_takes_cookies_away(path):
    token = path.rpartition("/")[2]
    assert token not in redact(f"GET {path} 200")
    assert redact("GET /drafts/short-or-mistyped") == "GET /drafts/***"
    assert is_public(path)


def test_a_status_is_told_in_words(drafted, path, api, reader):
    fail(api, now(), Status.DEGRADED)
    assert "API</bdi>: Degraded performance" in reader.get(path).text
