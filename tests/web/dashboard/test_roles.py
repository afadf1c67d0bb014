"""Every screen and every act, for every role and for strangers."""

import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from django.utils.timezone import now

from accounts.access import role_of
from accounts.actor import Actor
from accounts.models import AuditEvent, Project, User
from accounts.roles import Action, allows
from incidents.models import Incident, IncidentTemplate
from pages.models import Component, Page
from subscribers.outbox import enqueue
from tests.factories import ComponentFactory
from tests.subscribers.factories import make_message
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import series_of
from web.dashboard.projects import permitting

EVERYBODY = {"owner", "editor", "viewer"}
EDITORS = {"owner", "editor"}
OWNERS = {"owner"}


def both(name: str, who: set[str]) -> list[tuple[str, str, set[str]]]:
    return [(name, "get", who), (name, "post", who)]


# Screen or act, method, who may: whoever else is of the project gets 403, strangers 404.
TABLE = [
    ("overview", "get", EVERYBODY),
    ("components", "get", EVERYBODY),
    ("incidents", "get", EVERYBODY),
    ("incident", "get", EVERYBODY),
    ("maintenances", "get", EVERYBODY),
    ("maintenance", "get", EVERYBODY),
    ("series", "get", EVERYBODY),
    ("templates", "get", EVERYBODY),
    ("text_preview", "post", EVERYBODY),
    ("template_preview", "post", EVERYBODY),
    ("subscribers", "get", EVERYBODY),
    ("deliveries", "get", EVERYBODY),
    ("delivery", "get", EVERYBODY),
    ("settings", "get", EVERYBODY),
    ("settings", "post", EDITORS),
    ("page_publish", "post", OWNERS),
    *both("page_archive", OWNERS),
    *both("component_new", EDITORS),
    *both("component_edit", EDITORS),
    *both("component_delete", EDITORS),
    ("component_status", "post", EDITORS),
    ("component_history", "get", EVERYBODY),
    *both("component_reclassify", EDITORS),
    *both("reclassification_withdraw", EDITORS),
    *both("group_new", EDITORS),
    *both("incident_new", EDITORS),
    ("incident_new_preview", "post", EDITORS),
    ("incident_new_mail", "post", EDITORS),
    ("incident_new_test", "post", EDITORS),
    *both("backfill", EDITORS),
    *both("incident_settings", EDITORS),
    *both("incident_delete", EDITORS),
    ("incident_resolve", "post", EDITORS),
    *both("postmortem", EDITORS),
    ("postmortem_revert", "post", EDITORS),
    ("postmortem_ignore", "post", EDITORS),
    *both("update_new", EDITORS),
    ("update_preview", "post", EDITORS),
    ("update_mail", "post", EDITORS),
    ("update_test", "post", EDITORS),
    *both("update_edit", EDITORS),
    *both("update_delete", EDITORS),
    ("update_undo", "post", EDITORS),
    ("update_release", "post", EDITORS),
    *both("draft_edit", EDITORS),
    ("draft_publish", "post", EDITORS),
    *both("draft_dismiss", EDITORS),
    *both("template_new", EDITORS),
    *both("template_edit", EDITORS),
    *both("template_delete", EDITORS),
    *both("maintenance_new", EDITORS),
    ("maintenance_new_preview", "post", EDITORS),
    ("maintenance_new_mail", "post", EDITORS),
    ("maintenance_new_test", "post", EDITORS),
    *both("maintenance_edit", EDITORS),
    *both("maintenance_move", EDITORS),
    ("maintenance_move_preview", "post", EDITORS),
    *both("maintenance_update", EDITORS),
    ("maintenance_update_preview", "post", EDITORS),
    *both("maintenance_extend", EDITORS),
    *both("maintenance_start", EDITORS),
    *both("maintenance_finish", EDITORS),
    *both("maintenance_cancel", EDITORS),
    *both("series_edit", EDITORS),
    ("series_edit_preview", "post", EDITORS),
    *both("series_end", EDITORS),
    *both("series_skip", EDITORS),
]
WITHOUT_A_PAGE = {"pages", "page_new"}
REFUSALS = {"nobody": 302, "stranger": 404, "viewer": 403, "editor": 403, "owner": 403}


@pytest.fixture
def browsers(people: dict[str, User], client_of: Callable[[User], Client]) -> dict[str, Client]:
    return {"nobody": Client()} | {who: client_of(user) for who, user in people.items()}


@pytest.fixture
def rows(
    page: Page, component: Component, incident: Incident, operator: Actor
) -> dict[str, list[object]]:
    """What stands in the address of each route, the page first."""
    series = series_of(page, operator)
    skipped = series.occurrences.earliest("scheduled_for")
    template = IncidentTemplate.objects.create(page=page, name="Outage", title="Outage", body="It.")
    said = component.reclassifications.create(
        since=now() - timedelta(hours=1), until=now(), kind="maintenance", reason="We moved."
    )
    below = {
        "page_id": page,
        "component_id": component,
        "reclassification_id": said,
        "incident_id": incident,
        "update_id": incident.updates.get(),
        "notification_id": enqueue(page=page, message=make_message(), at=now()),
        "template_id": template,
        "use": "update",
        "series_id": series,
        "maintenance_id": skipped,
    }
    return {name: [below[part] for part in parts] for name, parts in ROUTES.items()}


def routes() -> dict[str, list[str]]:
    """The names of all routes, with the names of what stands in their addresses."""
    found = get_resolver("web.dashboard.urls").reverse_dict
    names = [name for name in found if isinstance(name, str)]
    return {name: found.getlist(name)[0][0][0][1] for name in names}


ROUTES = routes()


def test_the_table_holds_every_route() -> None:
    assert set(ROUTES) - WITHOUT_A_PAGE == {name for name, _, _ in TABLE}


def test_a_refusal_is_one_line_in_the_log(
    browsers: dict[str, Client], page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    answer = browsers["viewer"].post(address("page_archive", page))

    assert answer.status_code == 403
    [line] = [line for line in caplog.records if line.levelno >= logging.WARNING]
    assert line.getMessage().startswith("[SECURITY] refused")
    assert line.exc_info is None


@pytest.mark.parametrize(("name", "method", "allowed"), TABLE)
def test_who_may_do_what(
    browsers: dict[str, Client],
    rows: dict[str, list[object]],
    name: str,
    method: str,
    allowed: set[str],
) -> None:
    """The weakest come first: whoever is refused changes nothing for the next."""
    url = address(name, *rows[name])
    for who, refusal in REFUSALS.items():
        if who not in allowed:
            assert getattr(browsers[who], method)(url).status_code == refusal, who
    for who in allowed:
        with transaction.atomic():
            status = getattr(browsers[who], method)(url).status_code
            transaction.set_rollback(True)
        assert status in {200, 302, 409, 422}, who


@pytest.mark.parametrize(("name", "method", "allowed"), TABLE)
def test_a_row_of_another_page_is_missing(
    desk: Client, rows: dict[str, list[object]], name: str, method: str, allowed: set[str]
) -> None:
    for place, row in enumerate(rows[name]):
        others = ["other"] if isinstance(row, str) else [uuid4(), ComponentFactory()]
        for other in others:
            parts = [*rows[name][:place], other, *rows[name][place + 1 :]]
            assert getattr(desk, method)(address(name, *parts)).status_code == 404


def test_a_refusal_is_kept_and_nothing_changes(desk_of_viewer: Client, page: Page) -> None:
    answer = desk_of_viewer.post(address("settings", page), {"name": "Mine"})

    assert answer.status_code == 403
    refusal = AuditEvent.objects.get(outcome="refused")
    assert (refusal.action, refusal.object_id) == ("page.update", str(page.id))
    page.refresh_from_db()
    assert page.name == "Acme"


def test_asking_for_a_foreign_page_is_kept(
    client_of: Callable[[User], Client], stranger: User, page: Page
) -> None:
    client_of(stranger).get(address("overview", page))

    assert AuditEvent.objects.get(outcome="refused").object_id == str(page.id)


def test_a_viewer_is_offered_nothing_that_changes(
    desk_of_viewer: Client, page: Page, component: Component, incident: Incident, draft: Incident
) -> None:
    for name in ("overview", "components", "incidents", "subscribers", "settings"):
        html = desk_of_viewer.get(address(name, page)).content.decode()
        main = html.split("<main", 1)[1]
        assert "<form" not in main
        assert 'class="button' not in html


def test_projects_for_an_action_agree_with_roles(people: dict[str, User]) -> None:
    for user, action in product(people.values(), Action):
        expected = {one for one in Project.objects.all() if allows(role_of(user, one), action)}
        assert set(permitting(user, action)) == expected
