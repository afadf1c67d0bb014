"""News in the outbox: who gets it, what replaces it, and component changes told together."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.models import User
from incidents.actions import open_incident, post_update
from incidents.lifecycle import IncidentStatus
from pages.claims import Change
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from subscribers import audience, component_notice, outbox, relay
from subscribers.message import from_json, in_language
from subscribers.models import Delivery, Notification, Subscriber
from tests.factories import ComponentFactory, PageFactory
from tests.subscribers.factories import make_fact, make_message, make_subscriber
from tests.subscribers.refusing import refused_rows


def told(notification: Notification) -> set[UUID | None]:
    rows = Delivery.objects.filter(notification=notification)
    return set(rows.values_list("subscriber_id", flat=True))


def tell_story(
    page: Page, topic: UUID, *, at: datetime, component_ids: list[UUID] | None = None
) -> Notification:
    with changing(page.pk):
        return outbox.enqueue(
            page=page, message=make_message(topic=topic), at=at, component_ids=component_ids
        )


def test_only_those_who_may_be_told_and_follow_it_are_told(page: Page, component: Component):
    other = ComponentFactory(page=page)
    everything = make_subscriber(page, "all@example.com")
    chosen = make_subscriber(page, "chosen@example.com", component, other)
    make_subscriber(page, "other@example.com", other)
    make_subscriber(page, "new@example.com", verified=False)
    make_subscriber(page, "gone@example.com", unsubscribed_at=now())
    make_subscriber(page, "broken@example.com", quarantined_at=now())
    make_subscriber(PageFactory(), "foreign@example.com")
    notification = outbox.enqueue(
        page=page, message=make_message(), at=now(), component_ids=[component.pk]
    )
    relay.fan_out_all()
    assert told(notification) == {everything.pk, chosen.pk}
    assert set(audience.followers(page, [component.pk])) == {everything, chosen}


def test_news_of_the_whole_page_is_for_every_active_subscriber(page: Page, component: Component):
    one = make_subscriber(page, "one@example.com", component)
    all_of_it = make_subscriber(page, "all@example.com")
    notification = outbox.enqueue(page=page, message=make_message(), at=now())
    relay.fan_out_all()
    assert told(notification) == {one.pk, all_of_it.pk}


def test_news_of_components_that_are_gone_is_for_those_who_follow_everything(
    page: Page, component: Component
):
    make_subscriber(page, "one@example.com", component)
    all_of_it = make_subscriber(page, "all@example.com")
    notification = outbox.enqueue(page=page, message=make_message(), at=now(), component_ids=[])
    relay.fan_out_all()
    assert told(notification) == {all_of_it.pk}
    assert set(audience.followers(page, [])) == {all_of_it}


def test_an_incident_whose_only_component_is_deleted_tells_nobody_who_chose_another(
    page: Page, component: Component, operator: Actor
):
    other = ComponentFactory(page=page)
    make_subscriber(page, "other@example.com", other)
    incident = open_incident(
        page=page,
        name="Payments fail",
        body="",
        statuses={component: Status.MAJOR},
        actor=operator,
        at=now(),
    )
    component.delete()
    post_update(
        incident=incident, status=IncidentStatus.RESOLVED, body="", actor=operator, at=now()
    )
    relay.fan_out_all()
    assert not Delivery.objects.exists()


def test_a_component_added_later_reaches_those_who_follow_everything(page: Page):
    person = make_subscriber(page, "ann@example.com")
    later = ComponentFactory(page=page)
    assert set(audience.followers(page, [later.pk])) == {person}


def test_fanning_out_again_makes_no_second_delivery(page: Page):
    make_subscriber(page, "ann@example.com")
    outbox.enqueue(page=page, message=make_message(), at=now())
    relay.fan_out_all()
    Notification.objects.update(fanned_out_at=None)
    relay.fan_out_all()
    assert Delivery.objects.count() == 1


def test_operators_are_owners_and_editors(
    page: Page, owner: User, editor: User, viewer: User, stranger: User
):
    outbox.enqueue_for_operators(page=page, message=make_message(), at=now())
    relay.fan_out_all()
    told_people = set(Delivery.objects.values_list("operator_id", flat=True))
    assert told_people == {owner.pk, editor.pk}


def test_held_news_waits(page: Page):
    make_subscriber(page, "ann@example.com")
    outbox.enqueue(
        page=page, message=make_message(), at=now(), hold_until=now() + timedelta(minutes=1)
    )
    assert relay.fan_out_all() == 0
    Notification.objects.update(hold_until=now() - timedelta(seconds=1))
    assert relay.fan_out_all() == 1


def test_newer_news_of_a_story_replaces_what_is_not_sent_yet(page: Page, component: Component):
    topic = uuid4()
    follows_all = make_subscriber(page, "ann@example.com")
    only_one = make_subscriber(page, "bob@example.com", component)
    first = tell_story(page, topic, at=now())
    relay.fan_out_all()
    second = tell_story(page, topic, at=now(), component_ids=[uuid4()])
    relay.fan_out_all()
    row = Delivery.objects.get(notification=first, subscriber=follows_all)
    assert (row.state, row.last_answer) == (Delivery.State.SKIPPED, "superseded")
    # He does not get the second, so he still gets the first.
    assert Delivery.objects.get(subscriber=only_one).state == Delivery.State.PENDING
    assert Delivery.objects.get(notification=second).state == Delivery.State.PENDING


def test_stories_do_not_replace_each_other(page: Page):
    make_subscriber(page, "ann@example.com")
    for topic in (uuid4(), uuid4()):
        tell_story(page, topic, at=now())
    relay.fan_out_all()
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.PENDING}


def test_what_is_told_last_is_the_newest_whatever_the_clocks_say(page: Page):
    """The checks' clock is the database's and may be behind the web's."""
    make_subscriber(page, "ann@example.com")
    topic, moment = uuid4(), now()
    created = tell_story(page, topic, at=moment)
    relay.fan_out_all()
    resolved = tell_story(page, topic, at=moment - timedelta(seconds=1))
    relay.fan_out_all()
    states = dict(Delivery.objects.values_list("notification_id", "state"))
    assert states[resolved.pk] == Delivery.State.PENDING
    assert states[created.pk] == Delivery.State.SKIPPED


def test_a_story_is_ordered_also_within_one_change(page: Page):
    topic = uuid4()
    with changing(page.pk):
        told_in_turn = [tell_story(page, topic, at=now()) for _ in range(3)]
    assert [news.sequence for news in told_in_turn] == [1, 2, 3]
    assert tell_story(page, uuid4(), at=now()).sequence == 1


def test_a_story_needs_the_lock(page: Page):
    with pytest.raises(RuntimeError):
        outbox.enqueue(page=page, message=make_message(topic=uuid4()), at=now())


def test_news_that_cannot_be_fanned_out_does_not_hold_up_the_rest(page: Page):
    make_subscriber(page, "ann@example.com")
    other = PageFactory()
    make_subscriber(other, "bob@example.com")
    broken = outbox.enqueue(page=page, message=make_message(), at=now() - timedelta(minutes=1))
    fine = outbox.enqueue(page=other, message=make_message(), at=now())
    with refused_rows("subscribers_delivery", page):
        relay.fan_out_all()
    assert not told(broken)
    assert len(told(fine)) == 1
    # It is not tried again at once, but it is.
    assert relay.fan_out_all() == 0
    Notification.objects.update(hold_until=now() - timedelta(seconds=1))
    relay.fan_out_all()
    assert len(told(broken)) == 1


def test_a_message_survives_storage(page: Page, component: Component):
    message = make_message(
        topic=uuid4(), facts=(make_fact(component, new="major_outage"),), payload={"a": [1, None]}
    )
    with changing(page.pk):
        row = outbox.enqueue(page=page, message=message, at=now())
    row.refresh_from_db()
    assert from_json(row.message) == message


@pytest.mark.parametrize(
    ("texts", "shown"),
    [({"en": "a", "de": "b"}, "b"), ({"en": "a"}, "a"), ({"fr": "c"}, "c"), ({}, "")],
)
def test_a_text_is_shown_in_the_best_language_there_is(texts: dict[str, str], shown: str):
    assert in_language(texts, "de") == shown


def change(component: Component, old: Status, new: Status) -> Change:
    return Change(component=component, old=old, new=new, at=now())


def note(page: Page, *changes: Change) -> None:
    with changing(page.pk):
        outbox.note_component_changes(page=page, changes=changes, at=now())


def notices() -> list[dict[str, str]]:
    rows = Notification.objects.filter(kind="component_changed").order_by("created_at")
    return [{fact.component: fact.new for fact in from_json(row.message).facts} for row in rows]


def test_component_changes_are_told_together_after_two_minutes(page: Page, component: Component):
    other = ComponentFactory(page=page, name="Other")
    note(page, change(component, Status.OPERATIONAL, Status.MAJOR))
    note(page, change(other, Status.OPERATIONAL, Status.DEGRADED))
    note(page, change(component, Status.MAJOR, Status.PARTIAL))
    assert notices() == [{"Website": "partial_outage", "Other": "degraded_performance"}]
    row = Notification.objects.get()
    assert set(row.component_ids) == {component.pk, other.pk}
    assert row.hold_until
    assert timedelta(seconds=115) < row.hold_until - now() <= timedelta(minutes=2)
    assert from_json(row.message).title == {"en": "2 services changed"}


def test_a_component_that_is_back_leaves_the_notice_and_the_empty_one_goes(
    page: Page, component: Component
):
    other = ComponentFactory(page=page, name="Other")
    note(page, change(component, Status.OPERATIONAL, Status.MAJOR))
    note(page, change(other, Status.OPERATIONAL, Status.MAJOR))
    note(page, change(other, Status.MAJOR, Status.OPERATIONAL))
    assert notices() == [{"Website": "major_outage"}]
    note(page, change(component, Status.MAJOR, Status.OPERATIONAL))
    assert notices() == []


def test_a_notice_that_left_is_not_edited(page: Page, component: Component):
    note(page, change(component, Status.OPERATIONAL, Status.MAJOR))
    Notification.objects.update(fanned_out_at=now())
    note(page, change(component, Status.MAJOR, Status.OPERATIONAL))
    assert notices() == [{"Website": "major_outage"}, {"Website": "operational"}]


def test_an_incident_takes_its_components_out_of_the_notice(page: Page, component: Component):
    other = ComponentFactory(page=page, name="Other")
    note(page, change(component, Status.OPERATIONAL, Status.MAJOR))
    note(page, change(other, Status.OPERATIONAL, Status.MAJOR))
    with changing(page.pk):
        outbox.drop_component_changes(page=page, component_ids=[component.pk])
    assert notices() == [{"Other": "major_outage"}]
    with changing(page.pk):
        outbox.drop_component_changes(page=page, component_ids=[other.pk])
    assert notices() == []


def test_a_page_may_keep_component_changes_to_itself(page: Page, component: Component):
    page.notify_component_changes = False
    note(page, change(component, Status.OPERATIONAL, Status.MAJOR))
    assert notices() == []


def test_component_changes_need_the_lock(page: Page, component: Component):
    with pytest.raises(RuntimeError):
        outbox.note_component_changes(page=page, changes=[], at=now())


# A busy machine makes examples slowly.
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(Status)), max_size=12))
def test_merging_tells_the_first_old_and_the_last_new_status(steps: list[tuple[int, Status]]):
    components = [Component(name=str(n)) for n in range(3)]
    current = [Status.OPERATIONAL] * 3
    facts: list = []
    for n, new in steps:
        facts = component_notice.merge(facts, [change(components[n], current[n], new)])
        current[n] = new
    assert {fact.component: fact.new for fact in facts} == {
        str(n): status.value for n, status in enumerate(current) if status != Status.OPERATIONAL
    }
    assert {fact.old for fact in facts} <= {"operational"}


def test_deleting_a_subscriber_takes_his_deliveries_along(page: Page):
    make_subscriber(page, "ann@example.com")
    outbox.enqueue(page=page, message=make_message(), at=now())
    relay.fan_out_all()
    Subscriber.objects.all().delete()
    assert not Delivery.objects.exists()
