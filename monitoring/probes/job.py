"""What is to be checked. Pure: no query, no clock, no settings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Job:
    """One check to make now; `started_at` is what its result will be dated."""

    monitor_id: UUID
    url: str
    timeout_ms: int
    started_at: datetime
    # Made anew because this process stood still when the deadline passed.
    again: bool = False
