"""Mail to one operator: tests, and drafts with a link that works once."""

import email
import re
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import now

from accounts.models import OrganizationMembership, ProjectMembership, User
from accounts.roles import Role
from pages.models import Page
from pages.versions import changing
from subscribers import delivery, outbox, relay, tokens, vault
from subscribers.message import Kind
from subscribers.models import Delivery, Notification
from tests.subscribers.factories import make_message, make_subscriber

LINKS = {"page": "http://localhost:8000/status/acme", "dashboard": "http://localhost:8000/d"}
State = Delivery.State


@pytest.fixture(autouse=True)
def _mail_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    settings.EMAIL_URL = ""


def mails(settings) -> list[EmailMessage]:
    relay.fan_out_all()
    delivery.run("email", seconds=10)
    paths = sorted((settings.DATA_DIR / "mail").glob("*"))
    return [email.message_from_bytes(path.read_bytes(), policy=default) for path in paths]


def parts_of(mail: EmailMessage) -> list[str]:
    return [str(part.get_content()) for part in mail.walk() if not part.is_multipart()]


def tell_draft(page: Page, operator: User, secret: str) -> Notification:
    message = make_message("Draft incident", kind=Kind.DRAFT_NOTICE, links=LINKS)
    return outbox.enqueue_for_operator(
        page=page, operator=operator, message=message, at=now(), secret=secret
    )


def tell_test(page: Page, operator: User, **fields: Any) -> Notification:
    message = make_message(is_test=True, **fields)
    return outbox.enqueue_for_operator(page=page, operator=operator, message=message, at=now())


def test_only_the_one_operator_is_told(page: Page, owner: User, editor: User, settings):
    make_subscriber(page, "ann@example.com")
    tell_test(page, editor)
    (mail,) = mails(settings)
    assert mail["To"] == editor.email
    assert mail["Subject"] == "[Test] 🔴 Incident: Payments fail"
    assert mail["List-Unsubscribe"] is None


def test_the_link_of_a_draft_holds_the_secret_which_is_then_nowhere_else(
    page: Page, editor: User, settings
):
    secret = tokens.new()
    row = tell_draft(page, editor, secret)
    assert row.secret
    assert secret.encode() not in bytes(row.secret)
    assert vault.secret_of(row) == secret
    (mail,) = mails(settings)
    for part in parts_of(mail):
        links = re.findall(r"http://localhost:8000/drafts/(\w+)", part)
        assert links == [secret]
    row.refresh_from_db()
    assert row.secret is None


def test_two_operators_get_links_of_their_own(page: Page, owner: User, editor: User, settings):
    secrets = {owner.email: tokens.new(), editor.email: tokens.new()}
    for person in (owner, editor):
        tell_draft(page, person, secrets[person.email])
    for mail in mails(settings):
        text = parts_of(mail)[0]
        assert re.findall(r"/drafts/(\w+)", text) == [secrets[str(mail["To"])]]


def test_a_test_reaches_its_operator_while_the_page_is_not_published(
    page: Page, editor: User, settings
):
    page.status = Page.State.DRAFT
    page.save()
    tell_test(page, editor)
    assert len(mails(settings)) == 1


def test_a_test_is_no_part_of_the_story_it_shows(page: Page, editor: User, settings):
    make_subscriber(page, "ann@example.com")
    topic = uuid4()
    with changing(page.pk):
        outbox.enqueue(page=page, message=make_message(topic=topic), at=now())
    row = tell_test(page, editor, topic=topic)
    assert (row.topic, row.sequence) == (None, 0)
    assert {str(mail["To"]) for mail in mails(settings)} == {"ann@example.com", editor.email}


@pytest.mark.parametrize("when", ["before the relay", "before the mail"])
@pytest.mark.parametrize("how", ["inactive", "viewer", "removed"])
def test_who_is_no_operator_any_more_gets_no_mail(
    page: Page, editor: User, settings, how: str, when: str
):
    tell_draft(page, editor, tokens.new())
    if when == "before the mail":
        relay.fan_out_all()
    memberships = ProjectMembership.objects.filter(user=editor)
    match how:
        case "inactive":
            User.objects.filter(pk=editor.pk).update(is_active=False)
        case "viewer":
            memberships.update(role=Role.VIEWER)
        case _:
            memberships.delete()
    assert mails(settings) == []
    row = Delivery.objects.get()
    assert (row.state, row.last_answer) == (State.SKIPPED, "not an operator")


def test_an_owner_of_the_organization_is_an_operator(page: Page, stranger: User, settings):
    OrganizationMembership.objects.create(
        organization=page.project.organization, user=stranger, is_owner=True
    )
    tell_test(page, stranger)
    (mail,) = mails(settings)
    assert mail["To"] == stranger.email


def test_news_for_all_operators_spares_those_who_left_meanwhile(
    page: Page, owner: User, editor: User, settings
):
    outbox.enqueue_for_operators(page=page, message=make_message(links=LINKS), at=now())
    relay.fan_out_all()
    ProjectMembership.objects.filter(user=editor).delete()
    (mail,) = mails(settings)
    assert mail["To"] == owner.email


def test_deleting_an_operator_takes_his_mail_along(page: Page, editor: User):
    tell_draft(page, editor, tokens.new())
    editor.delete()
    assert not Notification.objects.exists()
