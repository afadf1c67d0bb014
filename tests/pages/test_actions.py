"""Pages, groups and components as operators make and change them."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from accounts.access import Refused
from accounts.actor import Actor
from accounts.models import AuditEvent, Project, User
from pages import actions
from pages.models import Component, Page
from pages.status import Status

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def draft(project: Project, operator: Actor) -> Page:
    return actions.create_page(project=project, name=" Acme ", actor=operator, at=AT)


@pytest.fixture
def api(draft: Page, operator: Actor) -> Component:
    return actions.create_component(page=draft, name="Public API", actor=operator, at=AT)


def wrong_field(action: Callable[..., object], **values: object) -> str:
    with pytest.raises(actions.Invalid) as caught:
        action(at=AT, **values)
    assert caught.value.message.endswith(".")
    return caught.value.field


def test_a_new_page_is_a_draft_under_its_own_id(draft, operator, project) -> None:
    draft.refresh_from_db()
    assert (draft.name, draft.status, draft.timezone) == ("Acme", "draft", "UTC")
    assert draft.subdomain == str(draft.pk)
    assert draft.organization_id == project.organization_id
    assert draft.created_by == operator.user
    assert AuditEvent.objects.filter(action="page.create", object_id=str(draft.pk)).exists()


@pytest.mark.parametrize(
    "subdomain",
    [
        *("ab", "a" * 37, "Ünï", "a_b", "-ab", "ab-", "a b", "a\0bc", "xn--80ak6aa92e"),
        *("api", "www", "status-pages"),
        *("01890a5d-ac96-774b-bcce-b302099a8057", "01890a5dac96774bbcceb302099a8057"),
    ],
)
def test_refuses_names_that_cannot_stand_in_addresses(project, operator, subdomain) -> None:
    refused = wrong_field(
        actions.create_page, project=project, name="Acme", actor=operator, subdomain=subdomain
    )
    assert refused == "subdomain"
    assert not Page.objects.exists()


def test_names_in_addresses_are_lower_case_and_unique(project, operator) -> None:
    made = actions.create_page(
        project=project, name="Acme", actor=operator, at=AT, subdomain=" Acme-2 "
    )
    assert made.subdomain == "acme-2"
    assert (
        wrong_field(
            actions.create_page, project=project, name="B", actor=operator, subdomain="acme-2"
        )
        == "subdomain"
    )
    other = actions.create_page(project=project, name="C", actor=operator, at=AT)
    assert wrong_field(actions.update_page, page=other, actor=operator, subdomain="ACME-2") == (
        "subdomain"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 256),
        ("name", "a\0b"),
        ("name", "a\nb"),
        ("name", "\u200b\u2060"),
        ("name", "Acme \u202emca"),
        ("name", "\u2066Acme"),
        ("name", "a\u2028b"),
        ("name", "\ud800"),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../../etc/passwd"),
        ("auto_publish_after", -1),
        ("auto_publish_after", 10**9),
        ("partial_weight", 1.1),
        ("degraded_weight", float("nan")),
    ],
)
def test_refuses_settings_out_of_bounds(draft, operator, field, value) -> None:
    assert wrong_field(actions.update_page, page=draft, actor=operator, **{field: value}) == field
    draft.refresh_from_db()
    assert draft.version == 1


def test_changes_only_the_given_settings(draft, operator) -> None:
    changed = actions.update_page(
        page=draft, actor=operator, at=AT, name="Acme Inc", auto_publish_after=None
    )
    draft.refresh_from_db()
    assert (draft.name, draft.auto_publish_after) == ("Acme Inc", None)
    assert (draft.timezone, draft.partial_weight) == ("UTC", 0.3)
    assert changed.version == draft.version == 2


def test_publishing_unpublishing_and_archiving_raise_the_version(draft, operator) -> None:
    for action, state in [
        (actions.publish_page, "published"),
        (actions.unpublish_page, "draft"),
        (actions.publish_page, "published"),
        (actions.archive_page, "archived"),
    ]:
        before = draft.version
        action(page=draft, actor=operator, at=AT)
        draft.refresh_from_db()
        assert (draft.status, draft.version) == (state, before + 1)


@pytest.mark.django_db(transaction=True)
def test_viewers_may_change_nothing(page, component, viewer) -> None:
    actor = Actor.of(viewer)
    for refused in (
        lambda: actions.create_page(project=page.project, name="x", actor=actor, at=AT),
        lambda: actions.update_page(page=page, actor=actor, at=AT, name="x"),
        lambda: actions.publish_page(page=page, actor=actor, at=AT),
        lambda: actions.unpublish_page(page=page, actor=actor, at=AT),
        lambda: actions.archive_page(page=page, actor=actor, at=AT),
        lambda: actions.create_group(page=page, name="x", actor=actor, at=AT),
        lambda: actions.create_component(page=page, name="x", actor=actor, at=AT),
        lambda: actions.update_component(component=component, actor=actor, at=AT, name="x"),
        lambda: actions.delete_component(component=component, actor=actor, at=AT),
    ):
        with pytest.raises(Refused):
            refused()
    page.refresh_from_db()
    assert (page.version, page.components.count(), Page.objects.count()) == (1, 1, 1)


def test_a_component_begins_operational_with_one_open_interval(api) -> None:
    (interval,) = api.intervals.all()
    assert (interval.status, interval.held) == (Status.OPERATIONAL, False)
    assert (interval.span.lower, interval.span.upper) == (AT, None)
    assert api.status == Status.OPERATIONAL


def test_slugs_come_from_names_and_are_numbered(draft, api, operator) -> None:
    def made(name: str, slug: str = "") -> str:
        return actions.create_component(
            page=draft, name=name, slug=slug, actor=operator, at=AT
        ).slug

    assert api.slug == "public-api"
    assert made("Public API") == "public-api-2"
    assert made("日本語") == "component"
    assert made("Mail", "SMTP_out") == "smtp_out"
    assert made("x" * 200) == "x" * 90


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("slug", "public-api"),
        ("slug", "a/b"),
        ("slug", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ("description", "x" * 2001),
        ("description", "a\0b"),
        ("failure_threshold", 0),
        ("recovery_threshold", 101),
    ],
)
def test_refuses_components_out_of_bounds(draft, api, operator, field, value) -> None:
    values = {"name": "Other"} | {field: value}
    assert wrong_field(actions.create_component, page=draft, actor=operator, **values) == field
    other = actions.create_component(page=draft, name="Other", actor=operator, at=AT)
    assert (
        wrong_field(actions.update_component, component=other, actor=operator, **{field: value})
        == field
    )


def test_a_component_is_changed_without_touching_its_status(api, operator) -> None:
    Component.objects.filter(pk=api.pk).update(status=Status.MAJOR)
    changed = actions.update_component(
        component=api, actor=operator, at=AT, slug=api.slug, name="API", description="  "
    )
    assert (changed.name, changed.description, changed.slug) == ("API", None, "public-api")
    assert changed.status == Status.MAJOR


def test_groups_hold_components_of_their_own_page_only(draft, api, operator, project) -> None:
    group = actions.create_group(page=draft, name="Core", actor=operator, at=AT)
    actions.update_group(group=group, actor=operator, at=AT, name="Heart", position=2)
    actions.update_component(component=api, actor=operator, at=AT, group=group)
    other = actions.create_page(project=project, name="Other", actor=operator, at=AT)
    assert wrong_field(
        actions.create_component, page=other, name="x", group=group, actor=operator
    ) == ("group")
    actions.delete_group(group=group, actor=operator, at=AT)
    api.refresh_from_db()
    assert api.group is None


def test_every_change_of_the_page_raises_its_version(draft, api, operator) -> None:
    group = actions.create_group(page=draft, name="Core", actor=operator, at=AT)
    for change in (
        lambda: actions.update_group(group=group, actor=operator, at=AT, name="Heart"),
        lambda: actions.update_component(component=api, actor=operator, at=AT, name="API"),
        lambda: actions.delete_group(group=group, actor=operator, at=AT),
        lambda: actions.delete_component(component=api, actor=operator, at=AT),
    ):
        draft.refresh_from_db()
        before = draft.version
        change()
        draft.refresh_from_db()
        assert draft.version == before + 1


def test_a_project_owner_reads_who_did_what(api, owner: User) -> None:
    rows = AuditEvent.objects.filter(object_id=str(api.pk)).values_list("user", "action", "at")
    assert list(rows) == [(owner.pk, "component.create", AT)]
