"""The list of pages, and what becomes of a page."""

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.models import AuditEvent, Project, User
from incidents.models import Incident
from pages.models import Page
from tests.factories import ComponentFactory, MonitorFactory, PageFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address


def test_the_list_says_how_each_page_is(desk: Client, page: Page, incident: Incident) -> None:
    make_subscriber(page, "a@example.com")
    monitored = ComponentFactory(page=page)
    MonitorFactory(project=page.project, links=[monitored], last_result_at=now())

    html = desk.get(address("pages")).content.decode()

    assert "Acme" in html
    assert "Major outage" in html
    assert "1 incident" in html
    assert 'data-label="Subscribers:">1<' in html
    assert 'data-label="Last check:">0 s ago' in html


def test_archived_pages_have_a_list_of_their_own(desk: Client, project: Project) -> None:
    PageFactory(project=project, name="Old page", status=Page.State.ARCHIVED)

    assert "Old page" not in desk.get(address("pages")).content.decode()
    assert "Old page" in desk.get(address("pages") + "?show=archived").content.decode()


def test_without_a_page_the_list_leads_to_the_first_one(desk: Client) -> None:
    assert "Create a page" in desk.get(address("pages")).content.decode()


def test_a_new_page_is_a_draft_and_leads_to_its_components(desk: Client, project: Project) -> None:
    answer = desk.post(
        address("page_new"),
        {"name": "Pay", "subdomain": "pay", "timezone": "Europe/Berlin", "project": project.id},
    )

    page = Page.objects.get(subdomain="pay")
    assert answer.headers["Location"] == address("components", page)
    assert (page.status, page.timezone, page.project) == ("draft", "Europe/Berlin", project)


def test_a_taken_address_is_refused_at_its_field(
    desk: Client, project: Project, page: Page
) -> None:
    answer = desk.post(
        address("page_new"),
        {"name": "Again", "subdomain": "acme", "timezone": "UTC", "project": project.id},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors["subdomain"]
    assert Page.objects.count() == 1


def test_a_page_cannot_be_put_into_a_foreign_project(desk: Client, stranger: User) -> None:
    foreign = Project.objects.get(organization__memberships__user=stranger)

    answer = desk.post(
        address("page_new"), {"name": "Mine", "timezone": "UTC", "project": foreign.id}
    )

    assert answer.status_code == 422
    assert not Page.objects.exists()


def test_publishing_makes_a_draft_public(desk: Client, project: Project) -> None:
    page = PageFactory(project=project, status=Page.State.DRAFT)

    desk.post(address("page_publish", page))

    page.refresh_from_db()
    assert page.status == Page.State.PUBLISHED
    assert AuditEvent.objects.filter(action="page.publish", object_id=str(page.id)).exists()


def test_archiving_asks_first(desk: Client, page: Page) -> None:
    question = desk.get(address("page_archive", page))
    assert "Archive this page?" in question.content.decode()

    desk.post(address("page_archive", page))

    page.refresh_from_db()
    assert page.status == Page.State.ARCHIVED


def test_the_question_is_a_fragment_for_htmx(desk: Client, page: Page) -> None:
    fragment = desk.get(address("page_archive", page), headers={"HX-Request": "true"})

    assert fragment.content.decode().startswith('<form method="post"')


@pytest.mark.parametrize("name", ["page_publish"])
def test_what_acts_answers_no_get(desk: Client, page: Page, name: str) -> None:
    assert desk.get(address(name, page)).status_code == 405
