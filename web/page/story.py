"""An incident or a maintenance as it is printed: local times, words and looks."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from incidents.lifecycle import Impact, IncidentStatus
from web.page.addresses import event_path, incident_path
from web.page.facts import IncidentFacts, PageFacts, PostmortemFacts, UpdateFacts
from web.page.marks import Look, look_of, look_of_stage
from web.page.prose import prose, summary
from web.page.when import Moment, Planned, Promise, moment, planned, promise
from web.page.words import duration


@dataclass(frozen=True, slots=True)
class Said:
    """One update; its Markdown is rendered when it is printed."""

    when: Moment
    look: Look
    body: str
    edited: Moment | None
    promise: Promise | None = None

    @property
    def html(self) -> SafeString:
        return prose(self.body)

    @property
    def summary(self) -> str:
        return summary(self.body)


@dataclass(frozen=True, slots=True)
class Learned:
    """A published postmortem."""

    when: Moment
    body: str

    @property
    def html(self) -> SafeString:
        return prose(self.body)


@dataclass(frozen=True, slots=True)
class Touched:
    name: str
    look: Look


@dataclass(frozen=True, slots=True)
class Story:
    """`lasted` is empty until it is over; updates are newest first.

    `severity` marks it where it is one of many; `planned` is None for an incident, `calendar`
    where there is nothing to come.
    """

    name: str
    path: str
    look: Look
    severity: Look
    impact: str
    began: Moment
    ended: Moment | None
    lasted: str
    planned: Planned | None
    is_running: bool
    calendar: str
    affected: tuple[Touched, ...]
    updates: tuple[Said, ...]
    postmortem: Learned | None

    @property
    def systems(self) -> str:
        return ", ".join(touched.name for touched in self.affected)

    @property
    def has_begun(self) -> bool:
        return self.planned is None or self.is_running or bool(self.lasted)

    @property
    def gist(self) -> str:
        """Such as "Partial outage, 41 min" or "Maintenance, 1 h 10 min, completed"."""
        stage = self.look.words.lower() if self.planned or not self.ended else ""
        return ", ".join(part for part in (self.impact, self.lasted, stage) if part)

    @property
    def about(self) -> Said | None:
        """The first words: what it is about."""
        return next((update for update in reversed(self.updates) if update.body), None)

    @property
    def news(self) -> Said | None:
        """The newest words, where these are not the first ones."""
        newest = next((update for update in self.updates if update.body), None)
        return None if newest is self.about else newest


def tell(story: IncidentFacts, page: PageFacts, at: datetime) -> Story:
    zone, ended = page.zone, story.resolved_at
    cancelled = story.status is IncidentStatus.CANCELLED
    lasted = (ended - story.started_at).total_seconds() if ended and not cancelled else None
    to_come = story.is_upcoming or story.is_running
    return Story(
        name=story.name,
        path=incident_path(page.subdomain, story.id),
        look=look_of_stage(story.status),
        severity=look_of_stage(story.status) if cancelled else look_of(story.severity),
        impact=_impact(story),
        began=moment(story.began_at, zone),
        ended=moment(ended, zone) if ended else None,
        lasted="" if lasted is None else duration(lasted),
        planned=planned(story.plan, zone, at) if story.plan else None,
        is_running=story.is_running,
        calendar=event_path(page.subdomain, story.id) if story.plan and to_come else "",
        affected=tuple(Touched(item.name, look_of(item.status)) for item in story.affected),
        updates=_updates(story, page, at),
        postmortem=_learned(story.postmortem, page) if story.postmortem else None,
    )


def _impact(story: IncidentFacts) -> str:
    words = {Impact.NONE: "No impact", Impact.MAINTENANCE: "Maintenance"}
    return words.get(story.impact) or look_of(story.severity).words


def _updates(story: IncidentFacts, page: PageFacts, at: datetime) -> tuple[Said, ...]:
    promised = story.next_update_by
    due = promise(promised, page.zone, at) if promised and not story.is_over else None
    newest, *older = story.updates
    return (_said(newest, page, due), *(_said(update, page) for update in older))


def _said(update: UpdateFacts, page: PageFacts, due: Promise | None = None) -> Said:
    return Said(
        when=moment(update.display_at, page.zone),
        look=look_of_stage(update.status),
        body=update.body,
        edited=moment(update.edited_at, page.zone) if update.edited_at else None,
        promise=due,
    )


def _learned(written: PostmortemFacts, page: PageFacts) -> Learned:
    return Learned(moment(written.published_at, page.zone), written.body)
