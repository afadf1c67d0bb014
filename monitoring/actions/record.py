"""What becomes of results."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from monitoring.doubt import judged
from monitoring.following import follow_page, touched_pages
from monitoring.outcome import Result
from monitoring.results import store


def record_results(results: Sequence[Result], *, at: datetime) -> None:
    """Commits the results, then changes each page they touch in its own transaction.

    A page that cannot be changed takes neither the results nor another page with it. The
    same results again change nothing.
    """
    for page_id, component_ids in keep_results(results).items():
        follow_page(page_id=page_id, component_ids=component_ids, at=at)


def keep_results(results: Sequence[Result]) -> dict[UUID, set[UUID]]:
    """Commits the results; returns the components, by page, for which they change something."""
    if not results:
        return {}
    believable = judged(results)
    store(believable)
    return touched_pages(believable)
