"""Verdicts as monitoring hands them over."""

from datetime import datetime

from incidents.automatic import CheckVerdict, follow_checks
from pages.models import Component
from pages.status import Status
from pages.versions import changing


def fail(
    component: Component,
    at: datetime,
    status: Status = Status.MAJOR,
    since: datetime | None = None,
) -> None:
    with changing(component.page_id) as [page]:
        verdict = CheckVerdict(component.id, status, since or at)
        follow_checks(page=page, verdicts=[verdict], at=at)


def recover(component: Component, at: datetime, since: datetime | None = None) -> None:
    fail(component, at, Status.OPERATIONAL, since)
