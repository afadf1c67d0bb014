"""Variables in prepared texts. Pure: plain replacement of a fixed list, no template engine."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from incidents.wording import listed

NAMES = ("components", "page", "time", "date", "title", "status", "starts", "ends")
_VARIABLE = re.compile(rf"\{{({'|'.join(NAMES)})\}}")


def fill(text: str, variables: Mapping[str, str]) -> str:
    """`text` with `{name}` replaced for each of NAMES that `variables` knows.

    One pass: what stands in a value is never looked at again. Everything else stays as it
    is written, whatever other template languages mean by it.
    """
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)


def variables_of(
    *,
    page: str,
    zone: str,
    at: datetime,
    components: Sequence[str] = (),
    title: str = "",
    status: str = "",
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> dict[str, str]:
    """The value of each variable; times are told in the page's `zone`.

    Without components it is about the whole page. A maintenance alone has a start and an
    end: elsewhere these two are left out, hence stay as they are written.
    """
    known = {
        "components": listed(components) or page,
        "page": page,
        "time": _time(at, zone),
        "date": _date(at, zone),
        "title": title,
        "status": status,
    }
    if starts:
        known["starts"] = f"{_date(starts, zone)}, {_time(starts, zone)}"
    if ends:
        known["ends"] = f"{_date(ends, zone)}, {_time(ends, zone)}"
    return known


def _time(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M} ({zone})"


def _date(moment: datetime, zone: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%B %Y}"
