"""Prepared texts: per use, with a preview of what their variables become."""

import pytest
from django.test import Client
from django.utils.timezone import now

from incidents.models import IncidentTemplate
from incidents.templates import give_defaults
from pages.models import Component, Page
from tests.factories import ComponentFactory
from tests.web.dashboard.conftest import address

FORM = {
    "name": "Outage",
    "title": "Outage: {components}",
    "body": "{page}: {components} since {time}.",
    "update_status": "identified",
    "should_send_notifications": "on",
}


@pytest.mark.parametrize("use", IncidentTemplate.Use.values)
def test_one_is_written_for_each_use(
    desk: Client, page: Page, component: Component, use: str
) -> None:
    url = address("template_new", page, use)
    assert "Variables: {components}" in desk.get(url).content.decode()

    answer = desk.post(url, {**FORM, "components": [str(component.pk)]}, follow=True)

    template = page.templates.get()
    assert "Outage" in answer.content.decode()
    assert (template.use, list(template.components.all())) == (use, [component])


def test_it_is_changed_and_deleted(desk: Client, page: Page) -> None:
    give_defaults(page, at=now())
    template = page.templates.get(name="Outage")

    desk.post(address("template_edit", page, template), FORM | {"name": "All is down"})
    template.refresh_from_db()
    assert template.name == "All is down"
    url = address("template_delete", page, template)
    assert "Delete this template?" in desk.get(url).content.decode()
    desk.post(url)

    assert not page.templates.filter(pk=template.pk).exists()


def test_the_preview_fills_the_variables_in(desk: Client, page: Page, component: Component) -> None:
    answer = desk.post(
        address("template_preview", page, "opening"), {**FORM, "components": [str(component.pk)]}
    )

    html = answer.content.decode()
    assert "Outage: Website" in html
    assert "Acme: Website since" in html


def test_systems_of_other_pages_are_refused(desk: Client, page: Page) -> None:
    foreign = ComponentFactory()

    answer = desk.post(
        address("template_new", page, "opening"), {**FORM, "components": [str(foreign.pk)]}
    )

    assert answer.status_code == 422
    assert not page.templates.exists()


@pytest.mark.parametrize("field", ["name", "title", "body", "update_status"])
def test_what_is_missing_is_said_at_its_field(desk: Client, page: Page, field: str) -> None:
    answer = desk.post(address("template_new", page, "opening"), FORM | {field: ""})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
