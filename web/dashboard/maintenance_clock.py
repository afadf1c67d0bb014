"""A span as clocks on the wall show it, and what changes of those clocks make of it. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.walltime import instant, local
from web.dashboard.words import length


@dataclass(frozen=True, slots=True)
class WallSpan:
    """From `start` to `end` by the clocks of `zone`."""

    start: datetime
    end: datetime
    zone: ZoneInfo

    @classmethod
    def of(cls, starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> "WallSpan":
        return cls(local(starts_at, zone), local(ends_at, zone), zone)

    @property
    def starts_at(self) -> datetime:
        return instant(self.start, self.zone)

    @property
    def ends_at(self) -> datetime:
        return instant(self.end, self.zone)

    @property
    def minutes(self) -> int:
        """How long it is by the clocks on the wall."""
        return int((self.end - self.start) / timedelta(minutes=1))

    def remarks(self) -> list[str]:
        """Sentences about times that do not exist or come twice, and what that does."""
        zone = self.zone
        said = [remark(self.start, zone, verb="start"), remark(self.end, zone, verb="end")]
        lasts = self.ends_at - self.starts_at
        if lasts != self.end - self.start:
            said.append(f"The clocks change meanwhile: it lasts {length(lasts)}.")
        return [sentence for sentence in said if sentence]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What begins at `start` by the clocks of `zone` and lasts so many minutes."""

    start: datetime
    minutes: int
    zone: ZoneInfo

    @property
    def starts_at(self) -> datetime:
        return instant(self.start, self.zone)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)

    def remarks(self) -> list[str]:
        """Sentences about a start that does not exist or comes twice, and another end."""
        said = [remark(self.start, self.zone, verb="start")]
        shown = local(self.ends_at, self.zone)
        if shown != self.start + timedelta(minutes=self.minutes):
            said.append(f"The clocks change meanwhile: it ends at {shown:%H:%M}.")
        return [sentence for sentence in said if sentence]


def remark(wall: datetime, zone: ZoneInfo, *, verb: str) -> str:
    """What becomes of a wall time that clocks skip or show twice; empty for any other."""
    moment = instant(wall, zone)
    shown = local(moment, zone)
    if shown != wall:
        return f"{wall:%H:%M} does not exist {_on(wall)}: it will {verb} at {shown:%H:%M}."
    if wall.replace(tzinfo=zone, fold=1).astimezone(UTC) != moment:
        return f"{wall:%H:%M} comes twice {_on(wall)}: it will {verb} at the first."
    return ""


def _on(wall: datetime) -> str:
    return f"on {wall.day} {wall:%B}"
