"""What an automatic incident says. Pure: sentences from names and local times."""

from collections.abc import Sequence
from datetime import datetime

from pages.status import Status

TITLE_LIMIT = 255
NAMED = 3


def title(names: Sequence[str], status: Status) -> str:
    """The title of a detected outage, such as "Major outage in API and Web"."""
    return f"{status.label} in {listed(names)}"[:TITLE_LIMIT]


def opening(names: Sequence[str], since: datetime, zone: str) -> str:
    """The first text; `since` is local to `zone`."""
    return (
        f"Our checks of {listed(names)} have failed since {since:%H:%M} ({zone}). "
        "We are looking for the cause."
    )


def joined(names: Sequence[str], since: datetime, zone: str) -> str:
    return f"Our checks of {listed(names)} have failed as well since {since:%H:%M} ({zone})."


def reopened(names: Sequence[str], since: datetime, zone: str) -> str:
    return f"Our checks of {listed(names)} fail again since {since:%H:%M} ({zone})."


def recovered_in_part(names: Sequence[str], rest: Sequence[str]) -> str:
    return f"Our checks of {listed(names)} succeed again. Still affected: {listed(rest)}."


def recovered(names: Sequence[str], since: datetime, zone: str) -> str:
    """The last text; without names, what failed is gone from the page."""
    if not names:
        return "What failed is no longer part of this page."
    return f"Our checks of {listed(names)} have succeeded again since {since:%H:%M} ({zone})."


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: A; A and B; A, B and C; A, B, C and 4 more."""
    shown = list(names[:NAMED])
    if len(names) > NAMED:
        return f"{', '.join(shown)} and {len(names) - NAMED} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
