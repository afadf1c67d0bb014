"""What an operator waits for depends neither on subscribers nor on components."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from incidents.actions import open_incident
from pages.actions import create_component
from pages.status import Status
from tests.incidents.conftest import CREATED
from tests.incidents.stories import minutes, said
from tests.subscribers.factories import make_many

pytestmark = pytest.mark.django_db


def cost_of_a_story(components, operator, at) -> list[int]:
    """Queries of opening an incident, of an update and of its resolution."""
    counts = []
    with CaptureQueriesContext(connection) as queries:
        incident = open_incident(
            page=components[0].page,
            name=f"{len(components)} at {at}",
            body="It began.",
            statuses=dict.fromkeys(components, Status.PARTIAL),
            actor=operator,
            at=at,
        )
    counts.append(len(queries))
    for number, stage in enumerate(["identified", "resolved"], start=1):
        with CaptureQueriesContext(connection) as queries:
            said(incident, stage, operator, at + minutes(number))
        counts.append(len(queries))
    return counts


def test_any_number_of_subscribers(page, api, operator, at):
    alone = cost_of_a_story([api], operator, at)
    make_many(page, 300)
    assert cost_of_a_story([api], operator, at + minutes(10)) == alone


def test_any_number_of_components(page, api, web, operator, at):
    few = cost_of_a_story([api, web], operator, at)
    more = [
        create_component(page=page, name=f"Part {number}", actor=operator, at=CREATED)
        for number in range(20)
    ]
    assert cost_of_a_story(more, operator, at + minutes(10)) == few
