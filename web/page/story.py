"""An incident as it is printed: local times, words and looks. Pure but for Markdown."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from incidents.lifecycle import Impact
from subscribers.markdown import to_html
from web.page.addresses import incident_path
from web.page.facts import IncidentFacts, PageFacts, UpdateFacts
from web.page.marks import Look, look_of, look_of_stage
from web.page.words import day, duration

SUMMARY_CHARACTERS = 280


@dataclass(frozen=True, slots=True)
class Moment:
    """`iso` for machines, `clock` and `day` for people in the page's zone."""

    iso: str
    clock: str
    day: str


@dataclass(frozen=True, slots=True)
class Said:
    """One update; its Markdown is rendered when it is printed."""

    when: Moment
    look: Look
    body: str

    @property
    def html(self) -> SafeString:
        return to_html(self.body)

    @property
    def summary(self) -> str:
        """The first paragraph without markup, cut."""
        first = self.body.strip().split("\n\n", 1)[0]
        return Truncator(strip_tags(to_html(first)).strip()).chars(SUMMARY_CHARACTERS)


@dataclass(frozen=True, slots=True)
class Touched:
    name: str
    look: Look


@dataclass(frozen=True, slots=True)
class Story:
    """`lasted` is empty while the incident is open; updates are newest first."""

    name: str
    path: str
    look: Look
    severity: Look
    impact: str
    began: Moment
    ended: Moment | None
    lasted: str
    affected: tuple[Touched, ...]
    updates: tuple[Said, ...]

    @property
    def systems(self) -> str:
        return ", ".join(touched.name for touched in self.affected)


def moment(at: datetime, zone: ZoneInfo) -> Moment:
    local = at.astimezone(zone)
    return Moment(at.isoformat(timespec="seconds"), f"{local:%H:%M}", day(local))


def tell(incident: IncidentFacts, page: PageFacts) -> Story:
    zone, ended = page.zone, incident.resolved_at
    severity = look_of(incident.severity)
    return Story(
        name=incident.name,
        path=incident_path(page.subdomain, incident.id),
        look=look_of_stage(incident.status),
        severity=severity,
        impact="No impact" if incident.impact is Impact.NONE else severity.words,
        began=moment(incident.started_at, zone),
        ended=moment(ended, zone) if ended else None,
        lasted=duration((ended - incident.started_at).total_seconds()) if ended else "",
        affected=tuple(Touched(item.name, look_of(item.status)) for item in incident.affected),
        updates=tuple(_said(update, zone) for update in incident.updates),
    )


def _said(update: UpdateFacts, zone: ZoneInfo) -> Said:
    return Said(moment(update.display_at, zone), look_of_stage(update.status), update.body)
