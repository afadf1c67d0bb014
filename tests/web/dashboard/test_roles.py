"""Every screen and every act, for every role and for strangers."""

import logging
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import now

from accounts.access import role_of
from accounts.models import AuditEvent, Project, User
from accounts.roles import Action, allows
from incidents.models import Incident
from pages.models import Component, Page
from subscribers.outbox import enqueue
from tests.factories import ComponentFactory, IncidentFactory
from tests.subscribers.factories import make_message
from tests.web.dashboard.conftest import address
from web.dashboard import urls
from web.dashboard.projects import permitting

EVERYBODY = {"owner", "editor", "viewer"}
EDITORS = {"owner", "editor"}
OWNERS = {"owner"}

# Screen or act, method, who may: whoever else is of the project gets 403, strangers 404.
TABLE = [
    ("overview", "get", EVERYBODY),
    ("components", "get", EVERYBODY),
    ("incidents", "get", EVERYBODY),
    ("incident", "get", EVERYBODY),
    ("subscribers", "get", EVERYBODY),
    ("deliveries", "get", EVERYBODY),
    ("delivery", "get", EVERYBODY),
    ("settings", "get", EVERYBODY),
    ("settings", "post", EDITORS),
    ("page_publish", "post", OWNERS),
    ("page_archive", "get", OWNERS),
    ("page_archive", "post", OWNERS),
    ("component_new", "get", EDITORS),
    ("component_new", "post", EDITORS),
    ("component_edit", "get", EDITORS),
    ("component_edit", "post", EDITORS),
    ("component_delete", "get", EDITORS),
    ("component_delete", "post", EDITORS),
    ("component_status", "post", EDITORS),
    ("component_history", "get", EVERYBODY),
    ("component_reclassify", "get", EDITORS),
    ("component_reclassify", "post", EDITORS),
    ("reclassification_withdraw", "get", EDITORS),
    ("reclassification_withdraw", "post", EDITORS),
    ("group_new", "get", EDITORS),
    ("group_new", "post", EDITORS),
    ("incident_new", "get", EDITORS),
    ("incident_new", "post", EDITORS),
    ("incident_new_preview", "post", EDITORS),
    ("update_new", "get", EDITORS),
    ("update_new", "post", EDITORS),
    ("update_preview", "post", EDITORS),
    ("draft_publish", "post", EDITORS),
    ("draft_dismiss", "get", EDITORS),
    ("draft_dismiss", "post", EDITORS),
]
WITHOUT_A_PAGE = {"pages", "page_new"}
REFUSALS = {"nobody": 302, "stranger": 404, "viewer": 403, "editor": 403, "owner": 403}


@pytest.fixture
def browsers(people: dict[str, User], client_of: Callable[[User], Client]) -> dict[str, Client]:
    return {"nobody": Client()} | {who: client_of(user) for who, user in people.items()}


@pytest.fixture
def rows(page: Page, component: Component, incident: Incident) -> dict[str, list[object]]:
    notification = enqueue(page=page, message=make_message(), at=now())
    said = component.reclassifications.create(
        since=now() - timedelta(hours=1), until=now(), kind="maintenance", reason="We moved."
    )
    below = {
        "component": component,
        "reclassification": said,
        "incident": incident,
        "delivery": notification,
    }
    kinds = {"update": "incident", "draft": "incident"}
    listed: dict[str, list[object]] = {}
    for name, _, _ in TABLE:
        kind = name.split("_")[0]
        has_row = name not in {"component_new", "incident_new", "incident_new_preview"}
        row = below.get(kinds.get(kind, kind)) if has_row else None
        listed[name] = [page, row] if row else [page]
    return listed


def test_the_table_holds_every_route() -> None:
    names = {
        pattern.name
        for part in [*urls.urlpatterns, *urls._page, *urls._component, *urls._incident]
        for pattern in [part]
        if getattr(pattern, "name", None)
    }

    assert names - WITHOUT_A_PAGE == {name for name, _, _ in TABLE}


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
    own, others = rows[name][0], [uuid4(), ComponentFactory(), IncidentFactory()]
    for other in others:
        parts = [own, other] if len(rows[name]) > 1 else [other]
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
