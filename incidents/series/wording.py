"""Rules as people say them. Pure: sentences from rules and wall times."""

from datetime import datetime, timedelta

from incidents.series import rules

_DAYS = dict(
    zip(
        rules.WEEKDAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
_WORKDAYS = ["MO", "TU", "WE", "TH", "FR"]
_NTH = {"1": "first", "2": "second", "3": "third", "4": "fourth", "-1": "last"}
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_SAID = frozenset({"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST"})


def words(rule: str, first_start: datetime) -> str:
    """A checked rule in words, such as "every Sunday"; a rare one is said as it is written."""
    parts = rules.split(rule)
    said = _when(parts, first_start) if _SAID.issuperset(parts) else None
    return f"{said}{_end(parts)}" if said else f"by the rule {rule}"


def sentence(rule: str, first_start: datetime, minutes: int, zone: str) -> str:
    """With the time: "every Sunday from 02:00 to 04:00 (Europe/Berlin)"."""
    end = first_start + timedelta(minutes=minutes)
    if end - first_start < timedelta(days=1):
        span = f"from {first_start:%H:%M} to {end:%H:%M}"
    else:
        span = f"from {first_start:%H:%M}, for {_duration(minutes)}"
    return f"{words(rule, first_start)} {span} ({zone})"


def _when(parts: dict[str, str], first_start: datetime) -> str | None:
    every = _every(parts)
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    dates = [date for date in parts.get("BYMONTHDAY", "").split(",") if date]
    if days and dates:
        return None
    if parts["FREQ"] == "MONTHLY":
        return _monthly(every, days, dates or [str(first_start.day)])
    if parts["FREQ"] == "WEEKLY" and not dates:
        return _on_weekdays(every, days or [rules.WEEKDAYS[first_start.weekday()]])
    if days or dates:
        return None
    yearly = parts["FREQ"] == "YEARLY"
    return f"{every} on {first_start.day} {first_start:%B}" if yearly else every


def _every(parts: dict[str, str]) -> str:
    unit, number = _UNITS[parts["FREQ"]], int(parts.get("INTERVAL", "1"))
    return f"every {unit}" if number == 1 else f"every {number} {unit}s"


def _on_weekdays(every: str, days: list[str]) -> str:
    days = sorted(set(days), key=rules.WEEKDAYS.index)
    if days == _WORKDAYS:
        return "every weekday" if every == "every week" else f"{every} on weekdays"
    names = _listed([_DAYS[day] for day in days])
    return f"every {names}" if every == "every week" else f"{every} on {names}"


def _monthly(every: str, days: list[str], dates: list[str]) -> str | None:
    return _on_numbered_weekday(every, days) if days else _on_date(every, dates)


def _on_numbered_weekday(every: str, days: list[str]) -> str | None:
    number, day = days[0][:-2].lstrip("+"), days[0][-2:]
    if len(days) > 1 or number not in _NTH:
        return None
    return _of_month(every, f"{_NTH[number]} {_DAYS[day]}")


def _on_date(every: str, dates: list[str]) -> str | None:
    if dates == ["-1"]:
        return _of_month(every, "last day")
    if any(date.startswith("-") for date in dates):
        return None
    return _of_month(every, _listed([_ordinal(int(date)) for date in dates]))


def _of_month(every: str, days: str) -> str:
    return f"on the {days} of every month" if every == "every month" else f"{every} on the {days}"


def _end(parts: dict[str, str]) -> str:
    if "UNTIL" in parts:
        last = rules.read_until(parts["UNTIL"])
        return f" until {last.day} {last:%B %Y},"
    if "COUNT" in parts:
        return f", {parts['COUNT']} times," if int(parts["COUNT"]) > 1 else ", once,"
    return ""


def _duration(minutes: int) -> str:
    for unit, size in (("day", 24 * 60), ("hour", 60), ("minute", 1)):
        if minutes % size == 0:
            number = minutes // size
            return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
    raise ValueError(f"{minutes} are no whole minutes")


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
