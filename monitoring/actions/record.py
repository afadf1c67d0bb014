"""What becomes of results."""

from collections.abc import Sequence
from datetime import datetime

from monitoring.doubt import judged
from monitoring.following import follow_monitors
from monitoring.outcome import Result
from monitoring.results import store


def record_results(results: Sequence[Result], *, at: datetime) -> None:
    """Commits the results, then changes each page they touch in its own transaction.

    A page that cannot be changed takes neither the results nor another page with it. The
    same results again change nothing.
    """
    if not results:
        return
    store(judged(results))
    follow_monitors({result.monitor_id for result in results}, at=at)
