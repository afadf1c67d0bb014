"""Sentences of automatic incidents."""

from datetime import UTC, datetime

import pytest

from incidents import wording
from pages.status import Status

SINCE = datetime(2026, 3, 4, 14, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B and C"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_names_are_listed_as_people_say_them(names, text):
    assert wording.listed(names) == text


def test_a_title_names_state_and_systems_and_fits_the_column():
    assert wording.title(["API"], Status.MAJOR) == "Major outage in API"
    assert len(wording.title(["x" * 255] * 3, Status.MAJOR)) == 255


def test_the_opening_tells_local_time_and_zone():
    assert wording.opening(["API"], SINCE, "UTC") == (
        "Our checks of API have failed since 14:31 (UTC). We are looking for the cause."
    )


def test_the_end_of_what_is_gone_names_nothing():
    assert wording.recovered([], SINCE, "UTC") == "What failed is no longer part of this page."
