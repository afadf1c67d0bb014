"""How many are told of something that is about to be posted, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from pages.models import Page
from subscribers.audience import Reach, reach
from subscribers.models import Subscriber

# What stands after the number of those who are told this way.
WORDS: dict[str, str] = {Subscriber.Mode.EMAIL: "by email"}
_NOBODY = Reach(by_mode={}, quarantined=0, left_out=0)


@dataclass(frozen=True, slots=True)
class Audience:
    """`silence` is why nobody is told, a sentence; empty where somebody may be."""

    reach: Reach
    silence: str = ""

    @property
    def told(self) -> int:
        return self.reach.total

    @property
    def words(self) -> str:
        """Such as "1,284 by email, 12 Slack; 3 quarantined"."""
        told = ", ".join(f"{n:,} {WORDS[mode]}" for mode, n in sorted(self.reach.by_mode.items()))
        broken = self.reach.quarantined
        return f"{told}; {broken:,} quarantined" if broken else told


def audience_for(
    page: Page, component_ids: Collection[UUID] | None, *, silence: str = ""
) -> Audience:
    """`component_ids` None is the whole page. Nobody is told of a page that is not published."""
    if page.status != Page.State.PUBLISHED:
        silence = "the page is not published."
    if silence:
        return Audience(_NOBODY, silence)
    found = reach(page, component_ids)
    return Audience(found, "" if found.total else "nobody subscribes to these systems yet.")
