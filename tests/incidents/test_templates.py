"""Prepared texts: kept, checked, applied; a new page has some."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent
from incidents import actions, templates
from incidents.actions import Conflict, Invalid
from incidents.lifecycle import IncidentStatus
from incidents.models import IncidentTemplate
from incidents.prepared import PREPARED
from pages.models import Page
from pages.status import Status
from tests.factories import ComponentFactory, PageFactory

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)


@pytest.fixture
def written(page, operator, at):
    """`written(**changes)` creates a template."""

    def create(**changes: object) -> IncidentTemplate:
        values = {
            "page": page,
            "use": "opening",
            "name": "Outage",
            "title": "{components} down",
            "body": "{components} of {page}: {time}.",
            "actor": operator,
            "at": at,
        }
        return actions.create_template(**values | changes)

    return create


def test_a_template_is_kept_with_its_components(written, api, operator):
    template = written(components=[api], should_send_notifications=False)
    template.refresh_from_db()
    assert (template.use, template.title) == ("opening", "{components} down")
    assert template.update_status == IncidentStatus.INVESTIGATING
    assert (template.created_by, template.should_send_notifications) == (operator.user, False)
    assert list(template.components.all()) == [api]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "n" * 256),
        ("title", " "),
        ("title", "t" * 256),
        ("title", "two\nlines"),
        ("body", "  \n"),
        ("body", "b" * 25_001),
        ("use", "anything"),
        ("update_status", IncidentStatus.RESOLVED),
        ("update_status", IncidentStatus.SCHEDULED),
        ("update_status", IncidentStatus.DRAFT),
    ],
)
def test_what_cannot_be_is_refused_by_name(written, field, value):
    with pytest.raises(Invalid) as caught:
        written(**{field: value})
    assert caught.value.field == field
    assert not IncidentTemplate.objects.exists()


def test_the_longest_texts_are_kept(written):
    written(name="n" * 255, title="t" * 255, body="b" * 25_000)


def test_components_of_other_pages_are_refused(written, operator, at):
    foreign = ComponentFactory()
    with pytest.raises(Invalid) as caught:
        written(components=[foreign])
    assert caught.value.field == "components"
    template = written()
    with pytest.raises(Invalid):
        actions.update_template(template=template, components=[foreign], actor=operator, at=at)


def test_a_template_is_changed_and_deleted(written, api, operator, at):
    template = written(components=[api])
    actions.update_template(
        template=template, title="Gone: {components}", components=[], actor=operator, at=at + LATER
    )
    template.refresh_from_db()
    assert (template.title, template.body) == (
        "Gone: {components}",
        "{components} of {page}: {time}.",
    )
    assert template.updated_at == at + LATER
    assert not template.components.exists()
    actions.delete_template(template=template, actor=operator, at=at)
    assert not IncidentTemplate.objects.exists()


def test_changing_what_somebody_deleted_is_a_conflict(written, operator, at):
    template, stale = written(), IncidentTemplate.objects.get()
    actions.delete_template(template=template, actor=operator, at=at)
    with pytest.raises(Conflict):
        actions.update_template(template=stale, name="New", actor=operator, at=at)
    with pytest.raises(Conflict):
        actions.delete_template(template=stale, actor=operator, at=at)
    assert AuditEvent.objects.filter(action="template.delete").count() == 1


def test_only_updates_may_leave_the_stage_as_it_is(written, page, operator, at):
    template = written(use="update", update_status=None)
    assert template.update_status == ""
    assert templates.apply(template, at=at).status is None
    opening = written()
    with pytest.raises(Invalid):
        actions.update_template(template=opening, update_status=None, actor=operator, at=at)


def test_viewers_and_strangers_prepare_nothing(written, viewer, stranger, at):
    template = written()
    for person in (viewer, stranger):
        actor = Actor.of(person)
        with pytest.raises(Refused):
            written(actor=actor)
        with pytest.raises(Refused):
            actions.update_template(template=template, name="x", actor=actor, at=at)
        with pytest.raises(Refused):
            actions.delete_template(template=template, actor=actor, at=at)


def test_applied_it_speaks_of_the_chosen_components(written, api, web, at):
    template = written(components=[api])
    assert templates.apply(template, at=at).title == "API down"
    applied = templates.apply(template, at=at, components=[web])
    assert (applied.title, applied.component_ids) == ("Web down", [web.pk])
    assert applied.body == "Web of Acme: 12:00 (UTC)."


def test_applied_to_an_incident_it_speaks_of_what_is_still_in_trouble(
    written, api, web, operator, at
):
    incident = actions.open_incident(
        page=api.page,
        name="Trouble",
        body="",
        statuses={api: Status.MAJOR, web: Status.MAJOR},
        actor=operator,
        at=at,
    )
    template = written(use="update", title="{title}", body="{components}: {status}")
    assert templates.apply(template, at=at, incident=incident).body == "API and Web: Investigating"
    actions.post_update(
        incident=incident,
        status=IncidentStatus.MONITORING,
        body="",
        statuses={web: Status.OPERATIONAL},
        actor=operator,
        at=at + LATER,
    )
    incident.refresh_from_db()
    applied = templates.apply(template, at=at, incident=incident)
    assert (applied.title, applied.body) == ("Trouble", "API: Monitoring")


def test_a_title_that_became_too_long_is_cut(written, page, at):
    long = [ComponentFactory(page=page, name=letter * 255) for letter in "ab"]
    assert len(templates.apply(written(), at=at, components=long).title) == 255


def test_hostile_names_and_texts_are_shown_as_they_are(written, page, at):
    hostile = ComponentFactory(page=page, name="{{7*7}}{page}${x}")
    template = written(body="{components} {% now %} {0.__class__}")
    applied = templates.apply(template, at=at, components=[hostile])
    assert applied.body == "{{7*7}}{page}${x} {% now %} {0.__class__}"


def test_a_new_page_has_templates_that_can_be_used_at_once(project, operator, at):
    page = actions.add_page(project=project, name="New", actor=operator, at=at)
    api = ComponentFactory(page=page, name="API")
    incident = None
    for template in page.templates.order_by("created_at", "id"):
        applied = templates.apply(
            template, at=at, components=[api], incident=incident, starts=at, ends=at + LATER
        )
        assert "{" not in applied.body + applied.title.replace("{title}", "")
    assert page.templates.count() == len(PREPARED)
    uses = set(page.templates.values_list("use", flat=True))
    assert uses == {"opening", "update", "maintenance"}


def test_the_prepared_texts_pass_their_own_rules(written):
    for prepared in PREPARED:
        written(
            use=prepared.use,
            name=prepared.name,
            title=prepared.title,
            body=prepared.body,
            update_status=prepared.status,
        )


def test_a_page_made_in_the_dashboard_has_them(client_of, owner, project):
    form = {"name": "Desk", "project": project.pk, "timezone": "UTC", "subdomain": "desk"}
    answer = client_of(owner).post(reverse("dashboard:page_new"), form)
    assert answer.status_code == 302
    assert Page.objects.get(subdomain="desk").templates.count() == len(PREPARED)


def test_a_page_that_cannot_be_made_leaves_nothing(project, operator, viewer, at):
    with pytest.raises(Invalid):
        actions.add_page(project=project, name="", actor=operator, at=at)
    with pytest.raises(Refused):
        actions.add_page(project=project, name="x", actor=Actor.of(viewer), at=at)
    assert not IncidentTemplate.objects.exists()


def test_pages_that_exist_get_them_from_the_migration(db):
    pages = [PageFactory(), PageFactory()]
    migration = import_module("incidents.migrations.0004_prepared_templates")
    with connection.schema_editor() as editor:
        migration.prepare(apps, editor)
    for page in pages:
        assert page.templates.count() == len(PREPARED)
