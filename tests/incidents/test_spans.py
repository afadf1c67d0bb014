"""What a story claims, as a fold of its updates."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from incidents.lifecycle import IncidentStatus
from incidents.spans import Said, Spoken, claim_spans, last_said
from pages.claims import Stated
from pages.status import Status

API, WEB = uuid4(), uuid4()
T0 = datetime(2026, 3, 4, 12, tzinfo=UTC)


def minute(number: float) -> datetime:
    return T0 + timedelta(minutes=number)


def told(
    at: float,
    status: IncidentStatus = IncidentStatus.INVESTIGATING,
    since: float | None = None,
    **said: Status,
) -> Spoken:
    ids: dict[str, UUID] = {"api": API, "web": WEB}
    moment = minute(at if since is None else since)
    return Spoken(
        status=status,
        at=minute(at),
        said={ids[name]: Said(new, moment) for name, new in said.items()},
    )


def span(status: Status, start: float, end: float | None = None) -> Stated:
    return Stated(status, minute(start), None if end is None else minute(end))


def test_each_update_ends_what_the_one_before_said_of_a_component():
    story = [told(0, api=Status.MAJOR), told(10, api=Status.DEGRADED), told(20)]
    assert claim_spans(story) == {API: [span(Status.MAJOR, 0, 10), span(Status.DEGRADED, 10)]}


def test_operational_ends_and_says_nothing():
    story = [told(0, api=Status.MAJOR, web=Status.PARTIAL), told(10, api=Status.OPERATIONAL)]
    assert claim_spans(story) == {
        API: [span(Status.MAJOR, 0, 10)],
        WEB: [span(Status.PARTIAL, 0)],
    }


def test_an_end_ends_all_and_a_reopening_begins_anew():
    story = [
        told(0, api=Status.MAJOR, web=Status.MAJOR),
        told(10, IncidentStatus.RESOLVED),
        told(20, web=Status.PARTIAL),
    ]
    assert claim_spans(story) == {
        API: [span(Status.MAJOR, 0, 10)],
        WEB: [span(Status.MAJOR, 0, 10), span(Status.PARTIAL, 20)],
    }
    assert last_said(story) == {API: Status.OPERATIONAL, WEB: Status.PARTIAL}


def test_an_end_may_date_a_component_before_itself():
    story = [
        told(5, since=0, api=Status.MAJOR),
        told(10, IncidentStatus.RESOLVED, since=8, api=Status.MAJOR),
    ]
    assert claim_spans(story) == {API: [span(Status.MAJOR, 0, 8)]}


def test_the_same_again_goes_on():
    story = [told(0, api=Status.MAJOR), told(10, api=Status.MAJOR)]
    assert claim_spans(story) == {API: [span(Status.MAJOR, 0)]}


def test_what_is_dated_before_the_last_word_replaces_it():
    story = [told(10, api=Status.DEGRADED), told(20, since=5, api=Status.MAJOR)]
    assert claim_spans(story) == {API: [span(Status.MAJOR, 10)]}


def test_nothing_said_claims_nothing():
    assert claim_spans([told(0), told(10, IncidentStatus.RESOLVED)]) == {}
    assert claim_spans([]) == {}
