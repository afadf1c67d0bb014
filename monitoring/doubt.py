"""The monitor doubts itself: failures everywhere at once are rather our own network's."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection

from monitoring.models import Monitor
from monitoring.outcome import Reason, Result
from monitoring.verdict import DOUBT_WINDOW, Tally, Verdict, doubted_hosts


def judged(results: Sequence[Result]) -> list[Result]:
    """The results, failures turned into "unknown" where the rule of `doubted_hosts` holds."""
    if not any(result.verdict is Verdict.DOWN for result in results):
        return list(results)
    hosts = _hosts({result.monitor_id for result in results})
    answered = {hosts.get(each.monitor_id) for each in results if each.verdict is Verdict.UP}
    if len(answered) > 1:
        # Each host sees another one answer: no need to ask about all monitors there are.
        return list(results)
    doubted = doubted_hosts(_tallies(results, hosts))
    return [
        replace(result, reason=Reason.OWN_NETWORK)
        if result.verdict is Verdict.DOWN and hosts.get(result.monitor_id) in doubted
        else result
        for result in results
    ]


def _hosts(monitor_ids: set[UUID]) -> dict[UUID, str]:
    urls = Monitor.objects.filter(id__in=monitor_ids).values_list("id", "url")
    return {monitor_id: urlsplit(url).hostname or "" for monitor_id, url in urls}


def _tallies(results: Sequence[Result], hosts: dict[UUID, str]) -> dict[str, Tally]:
    """Per host: what is known of its other monitors, and these results."""
    tallies = _known_tallies(results, hosts)
    for result in results:
        if result.reason is Reason.BLOCKED or result.monitor_id not in hosts:
            continue
        host = hosts[result.monitor_id]
        known = tallies.get(host, Tally(0, 0, 0))
        succeeded = result.verdict is Verdict.UP
        tallies[host] = Tally(
            known.monitors + 1, known.failing + (not succeeded), known.succeeded + succeeded
        )
    return tallies


def _known_tallies(results: Sequence[Result], hosts: dict[UUID, str]) -> dict[str, Tally]:
    after = max(result.checked_at for result in results) - DOUBT_WINDOW
    with connection.cursor() as cursor:
        cursor.execute(_BY_HOST, {"after": after, "but": list(hosts)})
        return {host: Tally(*counts) for host, *counts in cursor.fetchall()}


_BY_HOST = """
    SELECT
        COALESCE(lower(substring(url from '^https?://\\[?([^]/?:]+|[^]]+)')), '') AS host,
        count(*),
        count(*) FILTER (WHERE last_result_at >= %(after)s AND verdict <> 'up'),
        count(*) FILTER (WHERE last_result_at >= %(after)s AND verdict = 'up')
    FROM monitoring_monitor
    WHERE enabled AND last_error <> 'blocked_by_policy' AND NOT id = ANY(%(but)s)
    GROUP BY host
"""
