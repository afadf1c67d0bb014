"""One effect for one request: the same key, or the same words within seconds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from accounts.actor import MONITOR, Actor
from incidents import actions, once
from incidents.actions import Invalid, Repeated
from incidents.lifecycle import IncidentStatus
from incidents.models import IdempotencyKey, Incident, IncidentUpdate
from pages.status import Status
from pages.versions import changing
from subscribers.models import Notification
from tests.factories import PageFactory

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def opening(page, api, operator, at):
    """`opening(key=..., ...)` opens an incident, or answers the first that was opened."""

    def run(**changes: object) -> Incident:
        values = {
            "page": page,
            "name": "API is down",
            "body": "We look.",
            "statuses": {api: Status.MAJOR},
            "actor": operator,
            "at": at,
        }
        try:
            return actions.open_incident(**values | changes)
        except Repeated as repeated:
            return repeated.row

    return run


def test_the_same_key_opens_one_incident_and_tells_it_once(opening, at):
    first = opening(key="k")
    again = opening(key="k", at=at + timedelta(hours=3))
    assert again == first == Incident.objects.get()
    assert Notification.objects.filter(kind="incident_created").count() == 1


def test_a_key_that_served_another_request_is_refused(opening, at):
    first = opening(key="k")
    with pytest.raises(Invalid, match="used for another request") as caught:
        opening(key="k", body="Something else.")
    assert caught.value.field == "key"
    with pytest.raises(Invalid, match="used for another request"):
        actions.post_update(
            incident=first,
            status=IncidentStatus.RESOLVED,
            body="",
            actor=Actor.of(first.created_by),
            at=at + timedelta(minutes=5),
            key="k",
        )


def test_an_update_under_one_key_is_posted_once(opening, operator, at):
    incident = opening()
    values = {"status": IncidentStatus.RESOLVED, "body": "Over.", "actor": operator, "key": "k"}
    first = actions.post_update(incident=incident, at=at + SECOND, **values)
    with pytest.raises(Repeated) as caught:
        actions.post_update(incident=incident, at=at + timedelta(hours=1), **values)
    assert caught.value.row == first


def test_the_same_words_within_ten_seconds_are_a_double_click(opening, at):
    first = opening()
    assert opening(at=at + 10 * SECOND) == first
    assert opening(at=at - SECOND) == first, "a clock that was set back"
    assert opening(at=at + 11 * SECOND) != first


@pytest.mark.parametrize(
    "changes", [{"body": "We look, still."}, {"statuses": {}}, {"key": "a new one"}]
)
def test_another_request_is_no_double_click(opening, changes):
    assert opening(**changes) != opening()


def test_the_same_words_on_another_page_or_of_another_person_count(opening, editor):
    first = opening(statuses={})
    assert opening(statuses={}, actor=Actor.of(editor)) != first
    assert opening(statuses={}, page=PageFactory(project=first.page.project)) != first


def test_a_key_belongs_to_its_user(opening, editor):
    assert opening(key="k", actor=Actor.of(editor)) != opening(key="k")


def test_what_the_product_does_by_itself_is_never_repeated(opening):
    assert opening(key="k", actor=MONITOR) != opening(key="k", actor=MONITOR)
    assert not IdempotencyKey.objects.exists()


@pytest.mark.parametrize("key", ["k" * 256, "one\ntwo", "one\x00two", "\ud800"])
def test_what_cannot_be_a_key_is_refused_by_name(opening, key):
    with pytest.raises(Invalid) as caught:
        opening(key=key)
    assert caught.value.field == "key"


def test_a_key_of_255_characters_counts(opening):
    assert opening(key="é" * 255) == opening(key="é" * 255)


def test_deleting_the_first_effect_forgets_its_keys(opening, operator, at):
    first = opening(key="k")
    actions.delete_incident(incident=first, actor=operator, at=at + SECOND)
    assert opening(key="k", at=at + 2 * SECOND) != first


def test_keys_are_forgotten_after_a_day(opening, at):
    first = opening(key="k")
    assert once.forget_old_keys(at=at + once.KEPT) == 0
    assert once.forget_old_keys(at=at + once.KEPT + SECOND) == 1
    assert opening(key="k", at=at + once.KEPT + SECOND) != first


def test_a_fingerprint_does_not_depend_on_the_order_of_components():
    forward = once.fingerprint("open", {"a": Status.MAJOR, "b": Status.DEGRADED})
    assert forward == once.fingerprint("open", {"b": Status.DEGRADED, "a": Status.MAJOR})
    assert forward != once.fingerprint("open", {"a": Status.DEGRADED, "b": Status.MAJOR})
    assert once.fingerprint("a", "b") != once.fingerprint("ab")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("bodies", [("Same.", "Same."), ("One.", "Two.")])
def test_of_two_pages_at_once_one_gets_the_key(project, operator, at, bodies):
    """Different pages, different locks: the database decides, and nobody gets an error."""
    pages = [PageFactory(project=project) for _ in bodies]
    start = Barrier(len(pages), timeout=10)

    def remember(page, body: str) -> object:
        said = once.fingerprint("open", body)
        try:
            with changing(page.pk):
                once.refuse_repetition(user=operator.user, key="k", fingerprint=said, at=at)
                start.wait()
                row = Incident.objects.create(page=page, name=body, status="draft", started_at=at)
                once.remember(user=operator.user, key="k", fingerprint=said, row=row, at=at)
        except (Repeated, Invalid) as refusal:
            return type(refusal)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(2) as pool:
        ends = list(pool.map(remember, pages, bodies))
    assert sorted(ends, key=str) == sorted(
        [None, Repeated if bodies[0] == bodies[1] else Invalid], key=str
    )
    assert Incident.objects.count() == IdempotencyKey.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_two_connections_posts_once(opening, at):
    start = Barrier(2, timeout=10)

    def click(_: int) -> Incident:
        try:
            start.wait()
            return opening()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(click, range(2)))
    assert made == {Incident.objects.get()}
    assert IncidentUpdate.objects.count() == 1
