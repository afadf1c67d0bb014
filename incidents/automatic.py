"""Incidents that monitoring opens: drafted, joined, reopened. Recovery closes them."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actor import MONITOR
from accounts.roles import Action
from incidents import draft_links, holds, wording
from incidents.actions.draft import publish, wait_from, word_draft, write_draft_text
from incidents.actions.incident import tell
from incidents.actions.status import record_status
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentQuerySet
from incidents.recovery import recover
from incidents.room import has_room
from incidents.sweeping import logged
from incidents.timeline import note_components, record, write_update
from incidents.verdicts import CheckVerdict, Told
from pages import claims, sources
from pages.models import Component, Page, StatusClaim
from pages.status import Status, worst
from pages.versions import changing
from subscribers import outbox

__all__ = ["CheckVerdict", "follow_checks", "open_untold"]

log = logging.getLogger(__name__)

# Trouble this close in time is one story.
TOGETHER = timedelta(minutes=10)


def follow_checks(*, page: Page, verdicts: Sequence[CheckVerdict], at: datetime) -> None:
    """Brings a page in line with new verdicts. Call it inside `changing` of the page.

    Applies each component's `checks` claim, then opens, joins, reopens or resolves the
    automatic incident and writes the news. Verdicts on components of other pages, or on
    deleted ones, are ignored.
    """
    known = Component.objects.filter(page=page).in_bulk([v.component_id for v in verdicts])
    told = [Told(known[v.component_id], v) for v in verdicts if v.component_id in known]
    for each in told:
        change = claims.apply(
            component=each.component,
            source=sources.CHECKS,
            status=None if each.is_good else each.verdict.status,
            since=each.verdict.since,
            actor=MONITOR.label,
        )
        if change:
            record_status(change, page=page, actor=MONITOR, at=at)
    recover(page=page, good=[each for each in told if each.is_good], at=at)
    _fail(page=page, bad=[each for each in told if not each.is_good], at=at)


def open_untold(*, at: datetime) -> int:
    """Opens what fails and nobody speaks of any more, each page in its own transaction.

    So it is when people resolved the incident, or a maintenance or a pin ended, while the
    checks went on failing: their verdict has not changed, so they do not report it again.
    """
    page_ids = set(_untold(at).values_list("component__page_id", flat=True))
    for page_id in sorted(page_ids):
        with logged(log, "page %s: what fails untold was not opened", page_id):
            _open_untold(page_id, at)
    return len(page_ids)


def _open_untold(page_id: UUID, at: datetime) -> None:
    with changing(page_id) as [page]:
        untold = _untold(at).filter(component__page_id=page_id).select_related("component")
        bad = [
            Told(
                claim.component, CheckVerdict(claim.component_id, Status(claim.status), claim.since)
            )
            for claim in untold.order_by("since", "id")
        ]
        _fail(page=page, bad=bad, at=at)


def _untold(at: datetime) -> QuerySet[StatusClaim]:
    """Failing checks without a story: a dismissal holds, a resolution is believed for a while."""
    about = Q(affected__component=OuterRef("component"))
    incidents = Incident.objects.incidents().filter(about)
    held = StatusClaim.objects.live().filter(holds.HOLDS, component=OuterRef("component"))
    return (
        StatusClaim.objects.live()
        .filter(source=sources.CHECKS)
        .exclude(Exists(held))
        .exclude(Exists(_going_on(at).filter(about)))
        .exclude(Exists(incidents.filter(resolved_at__gt=at - TOGETHER)))
        .exclude(Exists(incidents.filter(dismissed_at__gte=OuterRef("since"))))
    )


def _going_on(at: datetime) -> IncidentQuerySet:
    """What more trouble can join: not a draft that a person keeps though it is over."""
    over = Q(status=IncidentStatus.DRAFT, resolve_proposed_at__lte=at - TOGETHER)
    return Incident.objects.incidents().current().exclude(over)


def _fail(*, page: Page, bad: Sequence[Told], at: datetime) -> None:
    """One story takes all of it, unless that is full: then another is opened for what is new."""
    bad = _as_counted(_unspoken(bad))
    if not bad:
        return
    incident = _current_story(page, bad, at)
    if incident is not None and _takes_more(incident):
        _join(page=page, incident=incident, bad=bad, at=at)
        return
    if incident is not None:
        bad = _beside(incident, bad)
    else:
        ended = _recovered_story(page, bad, at)
        if ended is not None and _takes_more(ended):
            _reopen(page=page, incident=ended, bad=bad, at=at)
            return
    if bad:
        _open(page=page, bad=bad, at=at)


def _unspoken(bad: Sequence[Told]) -> list[Told]:
    """Without what a maintenance or a pin holds, or people already tell."""
    ids = {each.component.pk for each in bad}
    spoken_for = holds.held(ids) | holds.told_by_people(ids)
    return [each for each in bad if each.component.pk not in spoken_for]


def _as_counted(bad: Sequence[Told]) -> list[Told]:
    """What went wrong under a maintenance or a pin begins to count where that ended."""
    ends = holds.held_until([each.component.pk for each in bad])
    return [each.not_before(ends.get(each.component.pk)) for each in bad]


def _takes_more(incident: Incident) -> bool:
    return incident.status == IncidentStatus.DRAFT or has_room(incident)


def _beside(incident: Incident, bad: Sequence[Told]) -> list[Told]:
    """What a full story does not speak of yet; of the rest it goes on without a word."""
    incident.recovered_at = incident.resolve_proposed_at = None
    incident.save(update_fields=["recovered_at", "resolve_proposed_at"])
    named = set(incident.affected.values_list("component_id", flat=True))
    return [each for each in bad if each.component.pk not in named]


def _current_story(page: Page, bad: Sequence[Told], at: datetime) -> Incident | None:
    close = Q(started_at__gt=at - TOGETHER) | Q(affected__component__in=_components(bad))
    stories = _going_on(at).filter(close, page=page, automatic=True)
    return stories.select_related("page").order_by("-started_at", "-id").first()


def _recovered_story(page: Page, bad: Sequence[Told], at: datetime) -> Incident | None:
    ended = Incident.objects.filter(
        page=page,
        automatic=True,
        dismissed_at__isnull=True,
        recovered_at__gt=at - TOGETHER,
        affected__component__in=_components(bad),
    )
    return ended.select_related("page").order_by("-recovered_at", "-id").first()


def _open(*, page: Page, bad: Sequence[Told], at: datetime) -> None:
    since = min(each.verdict.since for each in bad)
    incident = Incident.objects.create(
        page=page,
        name=wording.title(_names(bad), _worst(bad)),
        status=IncidentStatus.DRAFT,
        automatic=True,
        started_at=since,
        created_at=at,
        updated_at=at,
    )
    wait_from(page=page, incident=incident, since=at)
    note_components(incident=incident, statuses=_statuses(bad))
    incident.save()
    write_draft_text(
        incident=incident, body=wording.opening(_names(bad), *_local(since, page)), at=at
    )
    record(Action.INCIDENT_CREATE, incident=incident, actor=MONITOR, at=at)
    _hold_back(page=page, incident=incident, at=at)


def _hold_back(*, page: Page, incident: Incident, at: datetime) -> None:
    """A draft speaks for its components; where it need not wait it is published here."""
    if page.auto_publish_after == 0:
        publish(page=page, incident=incident, actor=MONITOR, at=at)
        return
    ids = list(incident.affected.values_list("component_id", flat=True))
    outbox.drop_component_changes(page=page, component_ids=ids)
    draft_links.tell_operators(page=page, incident=incident, at=at)


def _join(*, page: Page, incident: Incident, bad: Sequence[Told], at: datetime) -> None:
    """More trouble of the same story: it becomes part of the draft or of the incident."""
    told = dict(incident.affected.values_list("component_id", "status"))
    news = [each for each in bad if told.get(each.component.id) != each.verdict.status]
    if incident.status == IncidentStatus.DRAFT and incident.resolve_proposed_at:
        wait_from(page=page, incident=incident, since=incident.created_at)
    incident.recovered_at = incident.resolve_proposed_at = None
    if not news:
        incident.save()
        return
    since = min(each.verdict.since for each in news)
    if incident.status == IncidentStatus.DRAFT:
        _extend_draft(page=page, incident=incident, news=news, at=at)
        return
    update = write_update(
        incident=incident,
        status=IncidentStatus(incident.status),
        body=wording.joined(_names(news), *_local(since, page)),
        statuses=_statuses(news),
        actor=MONITOR,
        at=at,
    )
    tell(page=page, update=update, at=at)


def _extend_draft(*, page: Page, incident: Incident, news: Sequence[Told], at: datetime) -> None:
    note_components(incident=incident, statuses=_statuses(news))
    incident.started_at = min([incident.started_at, *(each.verdict.since for each in news)])
    incident.updated_at = at
    if incident.edited_at is None:
        word_draft(page=page, incident=incident, at=at)
    incident.save()
    record(Action.INCIDENT_UPDATE, incident=incident, actor=MONITOR, at=at)


def _reopen(*, page: Page, incident: Incident, bad: Sequence[Told], at: datetime) -> None:
    """Failing again so soon after recovery is the same outage."""
    incident.recovered_at = incident.resolve_proposed_at = incident.resolved_at = None
    if incident.status == IncidentStatus.DRAFT:
        wait_from(page=page, incident=incident, since=incident.created_at)
        _extend_draft(page=page, incident=incident, news=bad, at=at)
        return
    since = min(each.verdict.since for each in bad)
    update = write_update(
        incident=incident,
        status=IncidentStatus.INVESTIGATING,
        body=wording.reopened(_names(bad), *_local(since, page)),
        statuses=_statuses(bad),
        actor=MONITOR,
        at=at,
    )
    tell(page=page, update=update, at=at)


def _components(bad: Sequence[Told]) -> list[Component]:
    return [each.component for each in bad]


def _names(bad: Sequence[Told]) -> list[str]:
    return [each.component.name for each in bad]


def _statuses(bad: Sequence[Told]) -> dict[Component, Status]:
    return {each.component: each.verdict.status for each in bad}


def _worst(bad: Sequence[Told]) -> Status:
    return worst(each.verdict.status for each in bad)


def _local(moment: datetime, page: Page) -> tuple[datetime, str]:
    return moment.astimezone(ZoneInfo(page.timezone)), page.timezone
