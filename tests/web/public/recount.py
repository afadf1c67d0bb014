"""A stranger who has docs/uptime.md and intervals.json, and nothing of ours.

Written from the document alone: no import of the product, no cleverness. Every instant at which
anything begins or ends cuts time into slices, and each slice is looked at by itself.
"""

import math
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

DEALT = ["major_outage", "partial_outage", "degraded_performance", "under_maintenance", "unseen"]


def recount(document: dict) -> tuple[str | None, dict[str, str | None]]:
    """The page's percentage and that of each component by id, to three decimals."""
    check_days(document)
    weights = {name: Fraction(text) for name, text in document["weights"].items()}
    seconds = {each["id"]: seconds_of(each, document["days"]) for each in document["components"]}
    whole = {
        state: sum(each[state] for each in seconds.values()) for state in [*DEALT, "operational"]
    }
    return uptime(whole, weights), {key: uptime(each, weights) for key, each in seconds.items()}


def check_days(document: dict) -> None:
    """The days are those of the zone, one after the other, and today ends at the reading."""
    zone = ZoneInfo(document["page"]["time_zone"])
    read_at = instant(document["read_at"])
    days = document["days"]
    assert days[0]["date"] == document["window"]["first"]
    assert days[-1]["date"] == document["window"]["last"]
    assert days[-1]["date"] == read_at.astimezone(zone).date().isoformat()
    for number, day in enumerate(days):
        when = date.fromisoformat(days[0]["date"]) + timedelta(days=number)
        assert day["date"] == when.isoformat()
        assert instant(day["from"]) == midnight(when, zone)
        ends = read_at if number == len(days) - 1 else midnight(when + timedelta(days=1), zone)
        assert instant(day["to"]) == ends


def seconds_of(component: dict, days: list[dict]) -> dict[str, int]:
    added = dict.fromkeys([*DEALT, "operational"], 0)
    for day in days:
        for state, number in seconds_of_day(component, span(day)).items():
            added[state] += number
    return added


def seconds_of_day(component: dict, day: tuple[datetime, datetime]) -> dict[str, int]:
    start, end = day
    spans = [*component["intervals"], *component["gaps"], *component["reclassifications"]]
    edges = {start, end} | {edge for each in spans for edge in span(each) if start < edge < end}
    micros = dict.fromkeys([*DEALT, "operational"], 0)
    for first, last in pairwise(sorted(edges)):
        micros[state_at(component, first)] += (last - first) // timedelta(microseconds=1)
    left = (end - start) // timedelta(seconds=1)
    dealt = {}
    for state in DEALT:
        dealt[state] = min(math.ceil(Fraction(micros[state], 1_000_000)), left)
        left -= dealt[state]
    return {**dealt, "operational": left}


def state_at(component: dict, moment: datetime) -> str:
    for said in reversed(component["reclassifications"]):
        if covers(said, moment):
            return "under_maintenance" if said["kind"] == "maintenance" else "unseen"
    seen = [each for each in component["intervals"] if covers(each, moment)]
    assert len(seen) < 2
    if not seen:
        return "unseen"
    hidden = any(covers(gap, moment) for gap in component["gaps"])
    return "unseen" if hidden and not seen[0]["held"] else seen[0]["status"]


def uptime(seconds: dict[str, int], weights: dict[str, Fraction]) -> str | None:
    observed = sum(
        seconds[state]
        for state in ("operational", "degraded_performance", "partial_outage", "major_outage")
    )
    if not observed:
        return None
    down = (
        seconds["major_outage"] * weights["major"]
        + seconds["partial_outage"] * weights["partial"]
        + seconds["degraded_performance"] * weights["degraded"]
    )
    thousandths = math.floor((observed - down) / observed * 100_000)
    return f"{Decimal(thousandths).scaleb(-3).quantize(Decimal('0.001'), ROUND_DOWN)}"


def covers(each: dict, moment: datetime) -> bool:
    start, end = span(each)
    return start <= moment < end


def span(each: dict) -> tuple[datetime, datetime]:
    return instant(each["from"]), instant(each["to"])


def instant(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
