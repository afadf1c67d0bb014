"""Calendar months. Pure."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pages.uptime import day_bounds


class Month(NamedTuple):
    """Written as in addresses: "2026-10"."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def words(self) -> str:
        """Such as "October 2026"."""
        return f"{self.first:%B} {self.year}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def following(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def preceding(self) -> "Month":
        return Month(self.year - (self.number == 1), (self.number - 2) % 12 + 1)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The instants, in UTC, at which it begins and ends in `zone`."""
        return day_bounds(self.first, zone)[0], day_bounds(self.following.first, zone)[0]


def month_of(moment: date) -> Month:
    return Month(moment.year, moment.month)


def read_month(text: str) -> Month:
    """`text` as `str(month)` writes it."""
    year, number = text.split("-")
    return Month(int(year), int(number))


def newest_first(first: Month, last: Month) -> Iterator[Month]:
    """All months from `last` back to `first`."""
    while last >= first:
        yield last
        last = last.preceding
