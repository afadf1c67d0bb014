"""Components: adding, changing, deleting, and saying by hand how they are."""

import json

from django.test import Client
from django.utils.timezone import now

from accounts.actor import SYSTEM
from incidents.actions import open_incident
from incidents.models import Incident
from pages.models import Component, ComponentGroup, Page
from pages.status import Status
from tests.factories import ComponentFactory, ComponentGroupFactory, MonitorFactory
from tests.web.dashboard.conftest import address

HTMX = {"HX-Request": "true"}
VALUES = {"name": "API", "failure_threshold": 2, "recovery_threshold": 3}


def test_the_list_shows_groups_with_their_components(desk: Client, page: Page) -> None:
    group = ComponentGroupFactory(page=page, name="Payments")
    ComponentGroupFactory(page=page, name="Empty group")
    member = ComponentFactory(page=page, group=group, name="Cards")
    MonitorFactory(project=page.project, name="Cards probe", links=[member], verdict="up")

    html = desk.get(address("components", page)).content.decode()

    for text in ("Payments", "Cards", "Cards probe: up", "Empty group", "No component is in"):
        assert text in html


def test_a_component_is_added_with_its_thresholds(desk: Client, page: Page) -> None:
    group = ComponentGroupFactory(page=page)

    desk.post(address("component_new", page), {**VALUES, "group": group.id})

    made = page.components.get()
    assert (made.name, made.slug, made.group) == ("API", "api", group)
    assert (made.failure_threshold, made.recovery_threshold) == (2, 3)


def test_a_component_is_added_with_the_monitor_of_its_health(
    desk: Client, page: Page, settings
) -> None:
    settings.HEALTH_BASE_URL = "https://health.example.com"

    desk.post(address("component_new", page), VALUES)

    monitor = page.components.get().monitors.get()
    assert monitor.url == "https://health.example.com/health/api"
    assert (monitor.interval_s, monitor.timeout_ms) == (60, 5000)


def test_a_group_of_another_page_is_refused(desk: Client, page: Page) -> None:
    foreign = ComponentGroupFactory()

    answer = desk.post(address("component_new", page), {**VALUES, "group": foreign.id})

    assert answer.status_code == 422
    assert not page.components.exists()


def test_thresholds_can_be_changed(desk: Client, page: Page, component: Component) -> None:
    url = address("component_edit", page, component)
    assert desk.get(url).status_code == 200

    desk.post(url, {**VALUES, "slug": "website"})

    component.refresh_from_db()
    assert (component.failure_threshold, component.recovery_threshold) == (2, 3)


def test_a_taken_short_name_is_refused_at_its_field(
    desk: Client, page: Page, component: Component
) -> None:
    ComponentFactory(page=page, slug="taken")

    answer = desk.post(address("component_edit", page, component), {**VALUES, "slug": "taken"})

    assert answer.status_code == 422
    assert answer.context["form"].errors["slug"]


def test_a_component_keeps_a_short_name(desk: Client, page: Page, component: Component) -> None:
    answer = desk.post(address("component_edit", page, component), {**VALUES, "slug": ""})

    assert answer.context["form"].errors["slug"]


def test_deleting_asks_first(desk: Client, page: Page, component: Component) -> None:
    url = address("component_delete", page, component)
    assert "Delete Website?" in desk.get(url).content.decode()

    desk.post(url)

    assert not Component.objects.exists()


def test_a_component_that_an_incident_names_is_kept(
    desk: Client, page: Page, component: Component
) -> None:
    open_incident(
        page=page,
        name="Cable cut",
        body="",
        statuses={component: Status.MAJOR},
        actor=SYSTEM,
        at=now(),
    )

    answer = desk.post(address("component_delete", page, component), follow=True)

    assert "End this first, it names Website: Cable cut." in answer.content.decode()
    assert Component.objects.exists()


def test_a_group_is_added(desk: Client, page: Page) -> None:
    assert desk.get(address("group_new", page)).status_code == 200

    desk.post(address("group_new", page), {"name": "Payments"})

    assert ComponentGroup.objects.get(page=page).name == "Payments"


def test_a_status_set_by_hand_answers_the_row_and_a_toast(
    desk: Client, page: Page, component: Component
) -> None:
    answer = desk.post(
        address("component_status", page, component),
        {"status": "degraded_performance"},
        headers=HTMX,
    )

    component.refresh_from_db()
    assert component.status == Status.DEGRADED
    assert answer.content.decode().strip().startswith(f'<tbody id="component-{component.id}"')
    toast = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert toast == {"text": "Website: Degraded performance.", "level": "success"}


def test_a_status_that_others_contradict_becomes_a_pin_and_says_so(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    answer = desk.post(
        address("component_status", page, component), {"status": "operational"}, headers=HTMX
    )

    html = answer.content.decode()
    assert "Pinned:" in html
    assert "Payments fail: major outage since" in html
    assert "until you set it again" in html
    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL


def test_a_pin_can_expire(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    desk.post(
        address("component_status", page, component), {"status": "operational", "pin_hours": 4}
    )

    pin = component.claims.live().get(source="manual")
    assert pin.pinned
    assert 3.9 < (pin.pin_expires_at - now()).total_seconds() / 3600 <= 4


def test_without_htmx_the_whole_tab_answers(desk: Client, page: Page, component: Component) -> None:
    answer = desk.post(address("component_status", page, component), {"status": "major_outage"})

    assert "Website: Major outage." in answer.content.decode()


def test_an_unknown_status_changes_nothing(desk: Client, page: Page, component: Component) -> None:
    for wrong in ({"status": "on fire"}, {}, {"status": "major_outage", "pin_hours": "99"}):
        answer = desk.post(address("component_status", page, component), wrong, headers=HTMX)
        assert answer.status_code == 422
        assert json.loads(answer.headers["HX-Trigger"])["toast"]["level"] == "error"

    component.refresh_from_db()
    assert component.status == Status.OPERATIONAL
