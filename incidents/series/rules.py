"""Reading an RRULE (RFC 5545, 3.3.10) before anything is done with it. Pure.

The wall time is that of the first start, so that a rule speaks of days only.
"""

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.walltime import local
from pages.actions.invalid import Invalid

RULE_LIMIT = 500
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_BETWEEN = 1000
MOST_TIMES = 10_000

_UNTIL_FORMAT = "%Y%m%dT%H%M%S"
_TIMES_OF_DAY = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_ORDINAL_WEEKDAY = re.compile(r"([+-]?[1-9][0-9]?)?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,6}", re.ASCII)


def checked_rule(text: str, zone: ZoneInfo) -> str:
    """`text` in the one form in which rules are kept: upper case, its end in wall time.

    Raises Invalid for `rule` when it is no rule, or one with times of day.
    """
    text = text.strip().upper().removeprefix("RRULE:").rstrip(";")
    if len(text) > RULE_LIMIT:
        raise Invalid("rule", f"Use at most {RULE_LIMIT} characters.")
    parts = _split(text)
    for name, value in parts.items():
        _check_part(name, value)
    if "COUNT" in parts and "UNTIL" in parts:
        raise Invalid("rule", "Use either COUNT or UNTIL.")
    if parts.get("FREQ") not in FREQUENCIES:
        raise Invalid("rule", f"FREQ must be one of {', '.join(FREQUENCIES)}.")
    if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search(r"\d", parts.get("BYDAY", "")):
        raise Invalid("rule", "Numbered weekdays need FREQ=MONTHLY or FREQ=YEARLY.")
    if "UNTIL" in parts:
        parts["UNTIL"] = _local_until(parts["UNTIL"], zone).strftime(_UNTIL_FORMAT)
    return join(parts)


def split(rule: str) -> dict[str, str]:
    """The parts of a checked rule by name."""
    return dict(part.split("=", 1) for part in rule.split(";"))


def join(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def read_until(value: str) -> datetime:
    """The end of a checked rule, in wall time."""
    return datetime.strptime(value, _UNTIL_FORMAT)  # noqa: DTZ007 (a wall time has no zone)


def _split(text: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in text.split(";")]
    parts = {name: value for name, _, value in pairs}
    if len(parts) < len(pairs) or not all(name and value for name, _, value in pairs):
        raise Invalid("rule", "Use a rule such as FREQ=WEEKLY;BYDAY=SU.")
    return parts


def _check_part(name: str, value: str) -> None:
    if name in _TIMES_OF_DAY:
        raise Invalid("rule", "The time of day is that of the first start: leave it out.")
    check = _PARTS.get(name)
    if check is None:
        raise Invalid("rule", f"{name[:20]} is not known here: use {', '.join(_PARTS)}.")
    if not all(check(each) for each in value.split(",")):
        raise Invalid("rule", f"{name} cannot be {value[:40]}.")


def _local_until(value: str, zone: ZoneInfo) -> datetime:
    """A day counts to its end; a time that ends in Z is an instant (RFC 5545, 3.3.10)."""
    if "T" not in value:
        value += "T235959"
    moment = read_until(value.removesuffix("Z"))
    if not value.endswith("Z"):
        return moment
    return local(moment.replace(tzinfo=ZoneInfo("UTC")), zone)


def _is_until(value: str) -> bool:
    try:
        year = read_until(value.removesuffix("Z") + ("" if "T" in value else "T235959")).year
    except ValueError:
        return False
    return 1970 <= year < 9000


def _within(low: int, high: int, *, signed: bool = False) -> Callable[[str], bool]:
    """Whether a text is a number in those bounds, or, when `signed`, minus such a number."""

    def check(value: str) -> bool:
        if not _WHOLE_NUMBER.fullmatch(value) or (value[0] in "+-" and not signed):
            return False
        return low <= abs(int(value)) <= high

    return check


_PARTS: dict[str, Callable[[str], bool]] = {
    "FREQ": FREQUENCIES.__contains__,
    "INTERVAL": _within(1, MOST_BETWEEN),
    "COUNT": _within(1, MOST_TIMES),
    "UNTIL": _is_until,
    "BYDAY": lambda value: bool(_ORDINAL_WEEKDAY.fullmatch(value)),
    "BYMONTHDAY": _within(1, 31, signed=True),
    "BYYEARDAY": _within(1, 366, signed=True),
    "BYWEEKNO": _within(1, 53, signed=True),
    "BYMONTH": _within(1, 12),
    "BYSETPOS": _within(1, 366, signed=True),
    "WKST": WEEKDAYS.__contains__,
}
