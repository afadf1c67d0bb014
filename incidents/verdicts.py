"""What monitoring hands over about a component."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from pages.models import Component
from pages.status import Status


@dataclass(frozen=True, slots=True)
class CheckVerdict:
    """What all checks of a component say: its status, since its first failing or good check."""

    component_id: UUID
    status: Status
    since: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict beside the component it is about."""

    component: Component
    verdict: CheckVerdict

    @property
    def is_good(self) -> bool:
        return self.verdict.status is Status.OPERATIONAL

    def not_before(self, moment: datetime | None) -> "Told":
        """The same verdict, since `moment` where it says that it is older."""
        if moment is None or moment <= self.verdict.since:
            return self
        return Told(self.component, replace(self.verdict, since=moment))
