"""Planning a maintenance: what is said before it is posted, and what is made of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from accounts.actor import Actor
from incidents.models import Incident
from incidents.templates import give_defaults
from pages.models import Component, Page
from subscribers.models import Notification
from tests.factories import ComponentFactory, PageFactory
from tests.subscribers.factories import make_subscriber
from tests.web.dashboard.conftest import address
from tests.web.dashboard.maintenances import NEW, plan

HTMX = {"HX-Request": "true"}
# The night in which clocks in Berlin jump from two to three.
GAP = {"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}
# The night in which they show the hour from two to three twice.
FOLD = {"day": "2026-10-25", "starts": "02:30", "ends": "04:00"}


@pytest.fixture(autouse=True)
def _berlin(page: Page) -> None:
    page.timezone = "Europe/Berlin"
    page.save()


def previewed(desk: Client, page: Page, **values: object) -> str:
    answer = desk.post(address("maintenance_new_preview", page), NEW | values, headers=HTMX)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def refused(desk: Client, page: Page, **values: object) -> str:
    """The form again, with 422, and nothing planned."""
    answer = desk.post(address("maintenance_new", page), NEW | values)
    assert answer.status_code == 422
    assert not Incident.objects.exists()
    return answer.content.decode()


def test_wall_times_of_the_page_become_a_plan(
    desk: Client, page: Page, component: Component
) -> None:
    answer = desk.post(address("maintenance_new", page), NEW | {"systems": [str(component.id)]})

    maintenance = Incident.objects.get()
    assert answer.headers["Location"] == address("maintenance", page, maintenance)
    assert maintenance.scheduled_for == datetime(2027, 7, 4, 0, 0, tzinfo=UTC)
    assert maintenance.scheduled_until == datetime(2027, 7, 4, 2, 30, tzinfo=UTC)
    assert maintenance.remind_before == [1440, 180]
    assert maintenance.scheduled_auto_in_progress
    assert [row.component for row in maintenance.affected.all()] == [component]


def test_it_may_end_on_another_day(desk: Client, page: Page) -> None:
    desk.post(
        address("maintenance_new", page),
        NEW | {"starts": "23:00", "ends": "01:00", "last_day": "2027-07-05"},
    )

    maintenance = Incident.objects.get()
    assert maintenance.scheduled_until - maintenance.scheduled_for == timedelta(hours=2)


def test_switches_and_reminders_are_kept(desk: Client, page: Page) -> None:
    values = {name: value for name, value in NEW.items() if not name.startswith("auto_")}

    desk.post(
        address("maintenance_new", page), values | {"remind_before": "2 days, 90 min and 1 week"}
    )

    maintenance = Incident.objects.get()
    assert maintenance.remind_before == [10080, 2880, 90]
    assert maintenance.scheduled_auto_completed
    assert not maintenance.auto_transition_to_maintenance_state
    assert not maintenance.auto_transition_deliver_notifications_at_end


def test_no_reminder_is_planned_where_none_is_wanted(desk: Client, page: Page) -> None:
    desk.post(address("maintenance_new", page), NEW | {"remind_before": ""})

    maintenance = Incident.objects.get()
    assert not maintenance.scheduled_remind_prior
    assert not maintenance.reminders.exists()


def test_its_news_is_held_and_can_be_taken_back_with_all_that_was_typed(
    desk: Client, page: Page, component: Component
) -> None:
    make_subscriber(page, "a@example.com")
    desk.post(address("maintenance_new", page), NEW | {"systems": [str(component.id)]})
    maintenance = Incident.objects.get()
    update = maintenance.updates.get()
    assert Notification.objects.get().hold_until is not None

    answer = desk.post(address("update_undo", page, maintenance, update), follow=True)

    html = answer.content.decode()
    assert not Incident.objects.exists()
    for text in ("Undone. Nothing was sent.", "Database upgrade", "2027-07-04", "02:00", "04:30"):
        assert text in html
    assert f'value="{component.id}" checked' in " ".join(
        html.replace('id="id_systems_0"', "").split()
    )


def test_without_notify_nobody_is_told(desk: Client, page: Page) -> None:
    make_subscriber(page, "a@example.com")
    values = {name: value for name, value in NEW.items() if name != "notify"}

    desk.post(address("maintenance_new", page), values)

    assert Incident.objects.exists()
    assert not Notification.objects.exists()


def test_a_double_click_plans_once(desk: Client, page: Page) -> None:
    for _ in range(2):
        answer = desk.post(address("maintenance_new", page), NEW | {"key": "one"})

    assert answer.headers["Location"] == address("maintenance", page, Incident.objects.get())


def test_a_form_that_was_used_for_something_else_says_so_and_can_be_posted(
    desk: Client, page: Page
) -> None:
    """As after going back in the browser and changing the words."""
    url = address("maintenance_new", page)
    desk.post(url, NEW | {"key": "one"})

    refused = desk.post(url, NEW | {"key": "one", "name": "Another"})
    again = desk.post(url, NEW | {"key": refused.context["form"].new_key(), "name": "Another"})

    assert refused.status_code == 422
    assert "Something else was posted with this form already." in refused.content.decode()
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"ends": "02:00"}, "It must end after it starts. Name the day below"),
        ({"ends": "01:00", "last_day": "2027-07-03"}, "It must end after it starts."),
        ({"day": "2020-01-01"}, "It must end in the future."),
        ({"day": "2031-01-01"}, "It must start within two years."),
        ({"last_day": "2027-09-01"}, "It can last at most 31 days."),
        ({"day": "tomorrow"}, "Use a day such as 2026-11-29."),
        ({"day": "9999-12-31"}, "Use a day such as 2026-11-29."),
        ({"starts": "25:00"}, "Use a time such as 02:00."),
        ({"remind_before": "soon"}, "is no length of time"),
        ({"remind_before": "2 months"}, "is no length of time"),
        ({"remind_before": "31 days"}, "Use minutes from 1 to 43,200"),
        ({"remind_before": ", ".join(f"{n} h" for n in range(1, 12))}, "at most 10 reminders"),
        ({"body": "x" * 25_001}, "At most 25,000 characters are allowed."),
        ({"name": "a\u202eb"}, "Characters that turn the direction"),
        ({"systems": ["00000000-0000-0000-0000-000000000000"]}, "not on this page any more"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    desk: Client, page: Page, values: dict[str, object], sentence: str
) -> None:
    html = refused(desk, page, **values)

    assert sentence in html
    assert 'class="error"' in html


def test_a_component_of_another_page_is_refused(desk: Client, page: Page) -> None:
    refused(desk, page, systems=[str(ComponentFactory().id)])


def test_a_time_that_does_not_exist_is_said_before_it_is_posted(desk: Client, page: Page) -> None:
    html = previewed(desk, page, **GAP)

    assert "02:30 does not exist on 28 March: it will start at 03:00." in html
    assert "it lasts 1 h." in html


def test_a_time_that_comes_twice_is_said_before_it_is_posted(desk: Client, page: Page) -> None:
    html = previewed(desk, page, **FOLD)

    assert "02:30 comes twice on 25 October: it will start at the first." in html
    assert "it lasts 2 h 30 min." in html


def test_without_script_it_is_said_by_the_first_post_and_done_by_the_second(
    desk: Client, page: Page
) -> None:
    html = refused(desk, page, **GAP)
    assert "Nothing is posted yet" in html
    assert "it will start at 03:00" in html

    told = "2027-03-28T02:30/2027-03-28T04:00"
    assert f'value="{told}"' in html
    desk.post(address("maintenance_new", page), NEW | GAP | {"told": told})

    assert Incident.objects.get().scheduled_for == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_the_preview_shows_the_text_the_time_and_who_is_told(
    desk: Client, page: Page, component: Component
) -> None:
    make_subscriber(page, "a@example.com")
    make_subscriber(page, "b@example.com", component)
    make_subscriber(page, "c@example.com", ComponentFactory(page=page))

    html = previewed(desk, page, systems=[str(component.id)])

    assert "<strong>database</strong>" in html
    assert "Sun 4 Jul 2027, 02:00\N{EN DASH}04:30" in html
    assert "Reminders go out 3 Jul, 02:00 and 3 Jul, 23:00." in html
    assert "Will notify 2 by email." in html
    assert "Post maintenance to 2" in html
    assert not Incident.objects.exists()


def test_a_half_written_form_is_previewed_too(desk: Client, page: Page) -> None:
    html = previewed(desk, page, day="", starts="x", name="")

    assert "Without a title" in html


def test_the_mail_is_shown_as_it_will_be_sent(
    desk: Client, page: Page, component: Component
) -> None:
    answer = desk.post(
        address("maintenance_new_mail", page), NEW | {"systems": [str(component.id)]}
    )

    html = answer.content.decode()
    for text in ("Database upgrade", "<strong>database</strong>", "Website", "4 Jul 2027"):
        assert text in html
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_test_goes_to_its_author_alone(desk: Client, page: Page) -> None:
    make_subscriber(page, "a@example.com")

    answer = desk.post(address("maintenance_new_test", page), NEW, headers=HTMX)

    assert answer.status_code == 200
    assert Notification.objects.get().audience == Notification.Audience.OPERATOR
    assert not Incident.objects.exists()


def test_a_template_fills_the_words_with_what_is_chosen(
    desk: Client, page: Page, component: Component
) -> None:
    give_defaults(page, at=now())
    template = page.templates.get(use="maintenance")
    chosen = {"day": NEW["day"], "starts": "02:00", "ends": "04:30", "systems": str(component.id)}

    answer = desk.get(
        address("maintenance_new", page), {"template": str(template.id), **chosen}, headers=HTMX
    )

    html = answer.content.decode()
    assert "Planned maintenance: Website" in html
    assert "We work on Website from 4 July 2027, 02:00 (Europe/Berlin)" in html
    assert "<html" not in html


def test_a_template_works_without_script(desk: Client, page: Page) -> None:
    give_defaults(page, at=now())
    template = page.templates.get(use="maintenance")

    html = desk.get(address("maintenance_new", page), {"template": str(template.id)}).content

    assert b"Planned maintenance: Acme" in html


@pytest.mark.parametrize("named", ["nonsense", "00000000-0000-0000-0000-000000000000", "foreign"])
def test_a_template_that_is_missing_is_missing(desk: Client, page: Page, named: str) -> None:
    other = PageFactory()
    give_defaults(other, at=now())
    if named == "foreign":
        named = str(other.templates.get(use="maintenance").id)

    answer = desk.get(address("maintenance_new", page), {"template": named})

    assert answer.status_code == 404


def test_what_takes_place_at_the_same_time_is_said_and_not_refused(
    desk: Client, page: Page, component: Component, operator: Actor, incident: Incident
) -> None:
    """The incident is open; `elsewhere` is about another system, `later` at another time."""
    at = now()
    plan(page, operator, component, name="Network work")
    plan(page, operator, ComponentFactory(page=page), name="Elsewhere")
    plan(
        page,
        operator,
        component,
        name="Later",
        starts_at=at + timedelta(days=9),
        ends_at=at + timedelta(days=9, hours=1),
    )
    day = (at + timedelta(hours=36)).date().isoformat()
    span = {"day": day, "starts": "00:00", "ends": "23:59", "systems": [str(component.id)]}

    html = previewed(desk, page, **span)

    assert "Network work" in html
    assert "Payments fail" in html
    assert "Elsewhere" not in html
    assert "Later" not in html
    desk.post(address("maintenance_new", page), NEW | span)
    assert page.incidents.filter(name="Database upgrade").exists()


def test_what_is_about_the_whole_page_touches_everything(
    desk: Client, page: Page, component: Component, operator: Actor
) -> None:
    plan(page, operator, name="Data centre move")
    day = (now() + timedelta(hours=36)).date().isoformat()

    html = previewed(desk, page, day=day, starts="00:00", ends="23:59", systems=[str(component.id)])

    assert "Data centre move" in html


def test_an_open_incident_is_no_matter_for_next_month(
    desk: Client, page: Page, component: Component, incident: Incident
) -> None:
    html = previewed(desk, page, systems=[str(component.id)])

    assert "Payments fail" not in html
