"""Variables are replaced plainly, once; nothing else in a text means anything."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidents.templating import NAMES, fill, variables_of

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
WORDS = st.text(alphabet="ab{}$%_ \n'\"<0.", max_size=12)
PIECES = st.lists(WORDS | st.sampled_from([f"{{{name}}}" for name in NAMES]), max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}}",
        "{% include 'x' %}",
        "${x}",
        "{0.__class__}",
        "{page.__class__}",
        "{page!r}",
        "{page:>99999}",
        "{PAGE}",
        "{ page }",
        "%(page)s",
        "{unknown}",
        "{",
        "}{",
    ],
)
def test_what_is_not_in_the_list_stays_as_it_is_written(text):
    assert fill(text, {"page": "Acme", "x": "1", "unknown": "2"}) == text


def test_each_variable_is_replaced_wherever_it_stands():
    text = "{components} on {page}, {page}"
    assert fill(text, {"components": "API", "page": "Acme"}) == "API on Acme, Acme"


def test_values_are_not_looked_at_again():
    assert fill("{components}", {"components": "{page}", "page": "Acme"}) == "{page}"
    assert fill("{{page}}", {"page": "{page}"}) == "{{page}}"


def test_what_has_no_value_stays():
    assert fill("from {starts}", {"page": "Acme"}) == "from {starts}"


@given(PIECES, st.dictionaries(st.sampled_from(NAMES), WORDS))
def test_filling_is_replacing_piece_by_piece(pieces, variables):
    """The oracle walks the text by hand, from the left, and never goes back."""
    text = "".join(pieces)
    told, at = [], 0
    while at < len(text):
        name = next((each for each in NAMES if text.startswith(f"{{{each}}}", at)), None)
        if name is None:
            told.append(text[at])
            at += 1
        else:
            told.append(variables.get(name, f"{{{name}}}"))
            at += len(name) + 2
    assert fill(text, variables) == "".join(told)


def test_times_are_told_in_the_pages_zone():
    known = variables_of(
        page="Acme",
        zone="Europe/Berlin",
        at=AT,
        components=["API", "Web"],
        title="Outage",
        status="Resolved",
        starts=AT,
        ends=AT.replace(hour=1),
    )
    assert known == {
        "components": "API and Web",
        "page": "Acme",
        "time": "01:30 (Europe/Berlin)",
        "date": "29 March 2026",
        "title": "Outage",
        "status": "Resolved",
        "starts": "29 March 2026, 01:30 (Europe/Berlin)",
        "ends": "29 March 2026, 03:30 (Europe/Berlin)",
    }
    assert known.keys() == set(NAMES)


def test_without_components_it_is_about_the_page():
    known = variables_of(page="Acme", zone="UTC", at=AT)
    assert known["components"] == "Acme"
    assert not known.keys() & {"starts", "ends"}
