"""How often, as a form asks it, and the RRULE (RFC 5545) that says the same. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from incidents.series import rules


class Often(StrEnum):
    NEVER = ""
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    # A rule that another door made and this form has no fields for.
    KEPT = "kept"


class MonthlyOn(StrEnum):
    DATE = "date"
    NTH = "nth"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Repeats:
    """`weekdays` are those of RFC 5545; none means that of the first day."""

    often: Often
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    monthly_on: MonthlyOn = MonthlyOn.DATE
    until: date | None = None
    count: int | None = None

    def rule(self, first: date) -> str:
        """The rule of what takes place on `first` for the first time."""
        parts = {"FREQ": self.often.upper()}
        if self.interval > 1:
            parts["INTERVAL"] = str(self.interval)
        parts |= self._days(first)
        if self.until:
            parts["UNTIL"] = f"{self.until:%Y%m%d}"
        if self.count:
            parts["COUNT"] = str(self.count)
        return rules.join(parts)

    def _days(self, first: date) -> dict[str, str]:
        weekday = rules.WEEKDAYS[first.weekday()]
        if self.often is Often.WEEKLY:
            return {"BYDAY": ",".join(self.weekdays or (weekday,))}
        if self.often is not Often.MONTHLY:
            return {}
        if self.monthly_on is MonthlyOn.DATE:
            return {"BYMONTHDAY": str(first.day)}
        number = -1 if self.monthly_on is MonthlyOn.LAST else (first.day - 1) // 7 + 1
        return {"BYDAY": f"{number}{weekday}"}


def read(rule: str, first: date) -> Repeats | None:
    """What the form shows for a checked rule; None where it has no fields for all of it."""
    parts = rules.split(rule)
    often = {one.upper(): one for one in Often}.get(parts["FREQ"])
    if often is None:
        return None
    until = parts.get("UNTIL")
    found = Repeats(
        often=often,
        interval=int(parts.get("INTERVAL", "1")),
        weekdays=_weekdays(parts) if often is Often.WEEKLY else (),
        monthly_on=_monthly_on(parts),
        until=rules.read_until(until).date() if until else None,
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
    )
    return found if _same(found.rule(first), rule) else None


def _weekdays(parts: dict[str, str]) -> tuple[str, ...]:
    return tuple(day for day in parts.get("BYDAY", "").split(",") if day)


def _monthly_on(parts: dict[str, str]) -> MonthlyOn:
    if "BYDAY" not in parts:
        return MonthlyOn.DATE
    return MonthlyOn.LAST if parts["BYDAY"].startswith("-1") else MonthlyOn.NTH


def _same(written: str, kept: str) -> bool:
    """Whether both say the same; a kept end is a day with the time of its last second."""
    mine, theirs = rules.split(written), rules.split(kept)
    if "UNTIL" in theirs:
        theirs["UNTIL"] = theirs["UNTIL"].removesuffix("T235959")
    if "BYDAY" not in theirs and "BYMONTHDAY" not in theirs:
        mine.pop("BYDAY", None)
        mine.pop("BYMONTHDAY", None)
    if theirs.get("INTERVAL") == "1":
        del theirs["INTERVAL"]
    return mine == theirs
