"""What visitors are told beside a figure that was corrected afterwards."""

from datetime import UTC, datetime, timedelta

from accounts.actor import SYSTEM
from pages import actions
from pages.footnotes import Footnote, footnotes
from pages.models import Component, Page, Reclassification
from pages.reclassified import Kind
from tests.factories import PageFactory
from tests.pages.timeline import new_component

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def say(component: Component, hours_ago: int, *, reason: str = "We moved.") -> Reclassification:
    """That the hour which began so many hours before noon was maintenance."""
    return actions.reclassify(
        component=component,
        since=NOON - hours_ago * HOUR,
        until=NOON - (hours_ago - 1) * HOUR,
        kind="maintenance",
        reason=reason,
        actor=SYSTEM,
        at=NOON,
    )


def test_visitors_read_the_newest_time_first(page: Page) -> None:
    api, web = (new_component(page, name, at=NOON - 9 * HOUR) for name in ("API", "Web"))
    say(api, 3, reason="The provider moved.")
    say(web, 2)
    told = footnotes(page, since=NOON - 9 * HOUR)
    assert [note.component_id for note in told] == [web.pk, api.pk]
    assert told[1] == Footnote(
        component_id=api.pk,
        since=NOON - 3 * HOUR,
        until=NOON - 2 * HOUR,
        kind=Kind.MAINTENANCE,
        reason="The provider moved.",
    )


def test_only_what_reaches_into_the_time_asked_for(page: Page) -> None:
    api = new_component(page, at=NOON - 9 * HOUR)
    say(api, 5)
    kept = say(api, 3)
    assert [note.since for note in footnotes(page, since=NOON - 2.5 * HOUR)] == [kept.since]


def test_nothing_withdrawn_and_nothing_of_other_pages(page: Page) -> None:
    say(new_component(PageFactory(), at=NOON - 9 * HOUR), 2)
    made = say(new_component(page, at=NOON - 9 * HOUR), 2)
    assert len(footnotes(page, since=NOON - 9 * HOUR)) == 1
    actions.withdraw_reclassification(reclassification=made, actor=SYSTEM, at=NOON)
    assert footnotes(page, since=NOON - 9 * HOUR) == []
