"""Time in which nothing ran: grey, from the last result to the next."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, connection

from pages.gaps import open_gap
from pages.locking import changing_unless_held
from pages.models import Component

log = logging.getLogger(__name__)

NOT_CHECKED = "not_checked"


def follow_gaps(*, at: datetime) -> int:
    """Opens the gap of each component none of whose monitors has a result for two intervals.

    It is closed by the next result. A monitor without any is silent since it was made or
    switched on; one whose newest lies far ahead, before a clock was set back, since `at`.
    Returns how many were opened.
    """
    silent: dict[UUID, list[tuple[UUID, datetime]]] = defaultdict(list)
    for page_id, component_id, since in _silent(at):
        silent[page_id].append((component_id, since))
    return sum(_open_all(page_id, found) for page_id, found in silent.items())


def _open_all(page_id: UUID, found: list[tuple[UUID, datetime]]) -> int:
    try:
        with changing_unless_held(page_id):
            known = Component.objects.filter(page_id=page_id).in_bulk([id_ for id_, _ in found])
            for component_id, since in found:
                if component_id in known:
                    open_gap(component=known[component_id], since=since, reason=NOT_CHECKED)
    except OperationalError as error:
        log.warning("page %s is told later that nothing is checked: %s", page_id, error)
        return 0
    except Exception:
        log.exception("page %s could not be told that nothing is checked", page_id)
        return 0
    return len(found)


def _silent(at: datetime) -> Iterator[tuple[UUID, UUID, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute(_SILENT, {"at": at})
        yield from cursor.fetchall()


_SILENT = """
    SELECT component.page_id, component.id, LEAST(max(monitor.heard_at), %(at)s)
    FROM pages_component AS component
    JOIN monitoring_componentmonitor AS link ON link.component_id = component.id
    JOIN (
        SELECT id, COALESCE(last_result_at, anchor_at) AS heard_at,
            make_interval(secs => 2 * interval_s) AS patience
        FROM monitoring_monitor
        WHERE enabled
    ) AS monitor ON monitor.id = link.monitor_id
    WHERE NOT EXISTS (
        SELECT FROM pages_observationgap AS gap
        WHERE gap.component_id = component.id AND gap.until IS NULL
    )
    GROUP BY component.id
    HAVING bool_and(
        monitor.heard_at NOT BETWEEN %(at)s - monitor.patience AND %(at)s + monitor.patience
    )
"""
