"""Pages follow their monitors: belief, the component's verdict, and what was not seen."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection
from django.db.models import Prefetch

from incidents.automatic import follow_checks
from incidents.verdicts import CheckVerdict
from monitoring.models import ComponentMonitor, Monitor
from monitoring.outcome import Reason, Result
from monitoring.verdict import (
    DOUBT_WINDOW,
    Link,
    Streak,
    Verdict,
    aggregate,
    seen_again,
    unknown_since,
)
from pages.gaps import close_gap, open_gap
from pages.locking import changing_unless_held
from pages.models import Component, ObservationGap, Page

log = logging.getLogger(__name__)

UNKNOWN = "unknown"


def follow_page(*, page_id: UUID, component_ids: Iterable[UUID], at: datetime) -> bool:
    """Settles what the page's components believe and tells what changed, in one transaction.

    A page that cannot be changed is logged and its links keep what they believed. False when
    it may be changed soon: somebody else held it, or PostgreSQL was away.
    """
    try:
        _follow_page(page_id, component_ids, at)
    except OperationalError as error:
        log.warning("page %s follows its checks later: %s", page_id, error)
        return False
    except Exception:
        log.exception("page %s could not follow its checks", page_id)
    return True


def _follow_page(page_id: UUID, component_ids: Iterable[UUID], at: datetime) -> None:
    with changing_unless_held(page_id) as [page]:
        verdicts = []
        for component in _with_links(component_ids):
            rows = list(component.links.all())
            before = [link_of(row) for row in rows]
            after = [
                link.settled(
                    failure_threshold=component.failure_threshold,
                    recovery_threshold=component.recovery_threshold,
                )
                for link in before
            ]
            _keep(rows, before, after)
            verdict = verdict_between(component, before, after, at=at)
            if verdict:
                verdicts.append(verdict)
            _note_gap(component, after)
        if verdicts:
            follow_checks(page=page, verdicts=verdicts, at=at)


def forget_monitor(*, monitor_id: UUID, pages: Sequence[Page], at: datetime) -> None:
    """Undoes what one monitor made its components believe, before it goes or is switched off.

    What it saw stays in history: its outage ends at `at`. Call it inside `changing` of
    `pages`, those of its components.
    """
    links = ComponentMonitor.objects.filter(monitor_id=monitor_id)
    verdicts: dict[UUID, list[CheckVerdict]] = defaultdict(list)
    for component in _with_links(links.values_list("component_id", flat=True)):
        rows = list(component.links.all())
        rest = [link_of(row) for row in rows if row.monitor_id != monitor_id]
        verdict = verdict_between(component, [link_of(row) for row in rows], rest, at=at)
        if verdict:
            verdicts[component.page_id].append(replace(verdict, since=at))
        if not rest:
            close_gap(component=component, until=at)
    for page in pages:
        if page.pk in verdicts:
            follow_checks(page=page, verdicts=verdicts[page.pk], at=at)
    links.update(believed=Verdict.UP, believed_since=None)


def verdict_between(
    component: Component, before: Iterable[Link], after: Iterable[Link], *, at: datetime
) -> CheckVerdict | None:
    """What is new about the component; None when its status stays."""
    told, _ = aggregate(before)
    status, since = aggregate(after)
    if status is told:
        return None
    return CheckVerdict(component_id=component.pk, status=status, since=since or at)


def link_of(row: ComponentMonitor) -> Link:
    monitor = row.monitor
    return Link(
        believed=Verdict(row.believed),
        since=row.believed_since,
        streak=Streak(
            verdict=Verdict(monitor.verdict) if monitor.verdict else None,
            length=monitor.streak,
            since=monitor.streak_since,
            newest=monitor.last_result_at,
        ),
        doubted=monitor.last_error == Reason.OWN_NETWORK,
    )


def _with_links(component_ids: Iterable[UUID]) -> Iterable[Component]:
    enabled = ComponentMonitor.objects.filter(monitor__in=Monitor.objects.enabled())
    links = Prefetch("links", queryset=enabled.select_related("monitor").order_by("id"))
    return Component.objects.filter(id__in=component_ids).prefetch_related(links).order_by("id")


def _keep(rows: Sequence[ComponentMonitor], before: list[Link], after: list[Link]) -> None:
    for row, old, new in zip(rows, before, after, strict=True):
        if new is not old:
            row.believed, row.believed_since = new.believed, new.since
            row.save(update_fields=["believed", "believed_since"])


def _note_gap(component: Component, links: Sequence[Link]) -> None:
    since = unknown_since(links)
    if since is not None:
        open_gap(component=component, since=since, reason=UNKNOWN)
        return
    gap = ObservationGap.objects.filter(component=component, until__isnull=True).first()
    until = gap and seen_again(links, gap.since)
    if until:
        close_gap(component=component, until=until)


def touched_pages(results: Iterable[Result]) -> dict[UUID, set[UUID]]:
    """Components, by page, for which the results may change something.

    One query, so that a round in which nothing happened costs no page its lock.
    """
    verdicts = {result.monitor_id: result.verdict for result in results}
    not_up = [each for each, verdict in verdicts.items() if verdict is not Verdict.UP]
    return _by_page(_NEWS, monitors=list(verdicts), not_up=not_up)


def lagging_pages() -> dict[UUID, set[UUID]]:
    """Components, by page, that have yet to follow: their page was held, or a process died."""
    return _by_page("SELECT id FROM monitoring_componentmonitor")


def _by_page(links: str, **monitor_ids: list[UUID]) -> dict[UUID, set[UUID]]:
    values: dict[str, list[UUID] | float] = {"window": DOUBT_WINDOW.total_seconds(), **monitor_ids}
    touched: dict[UUID, set[UUID]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED.format(links=links), values)
        for page_id, component_id in cursor.fetchall():
            touched[page_id].add(component_id)
    return dict(touched)


# Few links are news: those of monitors that are not up, those that believe in a failure,
# those in a gap.
_NEWS = """
    SELECT id FROM monitoring_componentmonitor
    WHERE monitor_id = ANY(%(not_up)s::uuid[])
    UNION
    SELECT id FROM monitoring_componentmonitor
    WHERE believed = 'down' AND monitor_id = ANY(%(monitors)s)
    UNION
    SELECT link.id FROM pages_observationgap AS gap
    JOIN monitoring_componentmonitor AS link ON link.component_id = gap.component_id
    WHERE gap.until IS NULL AND link.monitor_id = ANY(%(monitors)s)
"""
# The conditions of `Link.settled`, `unknown_since` and `seen_again`, as a filter only: what
# follows is decided by those, under the page's lock.
_TOUCHED = """
    WITH news AS ({links})
    SELECT component.page_id, component.id
    FROM news
    JOIN monitoring_componentmonitor AS link ON link.id = news.id
    JOIN monitoring_monitor AS monitor ON monitor.id = link.monitor_id
    JOIN pages_component AS component ON component.id = link.component_id
    LEFT JOIN pages_observationgap AS gap ON gap.component_id = component.id AND gap.until IS NULL
    WHERE monitor.enabled AND (
        (link.believed = 'up' AND monitor.verdict = 'down'
            AND monitor.streak >= component.failure_threshold)
        OR (link.believed = 'down' AND monitor.verdict = 'up'
            AND monitor.streak >= component.recovery_threshold)
        OR (link.believed = 'down' AND monitor.last_error = 'own_network'
            AND link.believed_since >= monitor.streak_since - make_interval(secs => %(window)s))
        OR (gap.id IS NOT NULL AND monitor.verdict <> 'unknown'
            AND monitor.last_result_at > gap.since)
        OR (gap.id IS NULL AND monitor.verdict = 'unknown' AND NOT EXISTS (
            SELECT FROM monitoring_componentmonitor AS other_link
            JOIN monitoring_monitor AS other ON other.id = other_link.monitor_id
            WHERE other_link.component_id = component.id AND other.enabled
                AND other.verdict IS DISTINCT FROM 'unknown'))
    )
"""
