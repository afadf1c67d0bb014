"""The same evidence as one table for spreadsheets."""

import csv
import io

import pytest

from accounts.actor import SYSTEM
from pages import actions
from pages.models import Page
from tests.pages.timeline import new_component
from tests.web.public.conftest import CSV, HOUR, NOON, ask
from tests.web.public.recount import recount

pytestmark = pytest.mark.usefixtures("at_noon")


def test_the_csv_holds_the_same(client, page, api) -> None:
    answer = client.get(CSV)
    assert answer["Content-Disposition"] == 'attachment; filename="uptime-acme-2026-03-10.csv"'
    assert answer.content.count(b"\r\n") == answer.content.count(b"\n")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode(), newline="")))
    document = document_of(lines)
    assert document["page"].pop("id") == ""
    expected = ask(client)
    assert document["components"] == expected["components"]
    assert document["days"] == expected["days"]
    assert document["weights"] == expected["weights"]
    assert recount({**expected, **document}) == recount(expected)


def document_of(lines: list[dict[str, str]]) -> dict:
    """The CSV's table in the form of the JSON, as far as a recount needs it."""

    def of(kind: str, component: str = "") -> list[dict[str, str]]:
        return [each for each in lines if (each["row"], each["component_id"]) == (kind, component)]

    def spans(row: str, component: str, **names: str) -> list[dict]:
        return [
            {key: each[column] for key, column in {"from": "from", "to": "to", **names}.items()}
            for each in of(row, component)
        ]

    names = ("major", "partial", "degraded")
    components = []
    for line in lines:
        if line["row"] == "uptime":
            key = line["component_id"]
            seen = spans("interval", key, status="value", held="held")
            components.append(
                {
                    "id": key,
                    "name": line["component"],
                    "uptime": line["value"],
                    "intervals": [{**each, "held": each["held"] == "true"} for each in seen],
                    "gaps": spans("gap", key, reason="reason"),
                    "reclassifications": spans(
                        "reclassification", key, kind="value", reason="reason"
                    ),
                }
            )
    (zone,), (page,) = of("time_zone"), of("page_uptime")
    return {
        "page": {"id": "", "time_zone": zone["value"], "uptime": page["value"]},
        "weights": {name: of(f"{name}_weight")[0]["value"] for name in names},
        "days": spans("day", "", date="value"),
        "components": components,
    }


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_cell_of_the_csv_is_calculated(client, page, start) -> None:
    Page.objects.filter(pk=page.pk).update(name=f"{start} page")
    api = new_component(page, f'{start} "quoted", and more', at=NOON - HOUR)
    actions.reclassify(
        component=api,
        since=NOON - HOUR,
        until=NOON,
        kind="maintenance",
        reason=f"{start} reason",
        actor=SYSTEM,
        at=NOON,
    )
    table = list(csv.reader(io.StringIO(client.get(CSV).content.decode(), newline="")))
    cells = [cell for line in table for cell in line]
    for text in (f"{start} page", f'{start} "quoted", and more', f"{start} reason"):
        assert f"'{text}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {len(line) for line in table} == {8}
