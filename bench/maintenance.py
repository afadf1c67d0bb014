"""A thousand maintenances due in the same minute: one tick begins them, another ends them.

Once on a page of their own each, once all on one page of 50 components. Each names one
component and is told to the page's subscribers. The ratio is the limit's share of the slowest.
"""

import statistics
from datetime import datetime, timedelta

from django.utils.timezone import now

from accounts.actor import SYSTEM
from accounts.models import Organization, Project
from bench.timing import Outcome, Sample, measure
from incidents.actions import run_due_maintenance
from incidents.lifecycle import Impact, IncidentStatus
from incidents.models import Incident, IncidentComponent, IncidentUpdate
from pages.actions import create_component, create_page, publish_page
from pages.models import Component, StatusClaim
from pages.status import Status
from subscribers.models import Notification

MAINTENANCES = 1000
COMPONENTS_OF_ONE_PAGE = 50
LIMIT_S = 5.0
ROUNDS = 3
HOUR = timedelta(hours=1)


def run() -> Outcome:
    began = now() - timedelta(days=2)
    project = Project.objects.create(
        organization=Organization.objects.create(name="Bench"), name="Default", is_default=True
    )
    spread = [
        component for _ in range(MAINTENANCES) for component in _components(project, began, count=1)
    ]
    crowded = _components(project, began, count=COMPONENTS_OF_ONE_PAGE)
    together = [crowded[number % len(crowded)] for number in range(MAINTENANCES)]
    samples: dict[str, list[Sample]] = {}
    for turn in range(ROUNDS):
        at = began + (turn + 1) * 6 * HOUR
        for name, components in {"1,000 pages": spread, "one page": together}.items():
            _plan(components, at)
            for step, moment in (("begin", at + HOUR), ("end", at + 2 * HOUR)):
                samples.setdefault(f"{name}, {step}", []).append(_sample(moment))
    slowest = max(statistics.median(each.wall_s for each in runs) for runs in samples.values())
    return Outcome("maintenance", f"{LIMIT_S:.0f} s", LIMIT_S / slowest, 1.0, _lines(samples))


def _components(project: Project, at: datetime, *, count: int) -> list[Component]:
    page = create_page(project=project, name="Bench", actor=SYSTEM, at=at)
    publish_page(page=page, actor=SYSTEM, at=at)
    return [
        create_component(page=page, name=f"Service {number}", actor=SYSTEM, at=at)
        for number in range(count)
    ]


def _plan(components: list[Component], at: datetime) -> None:
    """The rows that `schedule_maintenance` leaves, written together to save time."""
    planned = [
        Incident(
            page_id=component.page_id,
            name=f"Maintenance {number}",
            status=IncidentStatus.SCHEDULED,
            impact=Impact.MAINTENANCE,
            scheduled_for=at + HOUR,
            scheduled_until=at + 2 * HOUR,
            started_at=at + HOUR,
            published_at=at,
            names_components=True,
            created_at=at,
            updated_at=at,
        )
        for number, component in enumerate(components)
    ]
    Incident.objects.bulk_create(planned)
    IncidentComponent.objects.bulk_create(
        IncidentComponent(incident=incident, component=component, status=Status.OPERATIONAL)
        for incident, component in zip(planned, components, strict=True)
    )
    IncidentUpdate.objects.bulk_create(
        IncidentUpdate(
            incident=incident,
            status=IncidentStatus.SCHEDULED,
            body="We change the switches.",
            display_at=at,
            published_at=at,
            created_at=at,
            updated_at=at,
        )
        for incident in planned
    )


def _sample(at: datetime) -> Sample:
    """One tick, which moves every maintenance and tells of it."""
    told = Notification.objects.count()
    sample = measure(lambda: run_due_maintenance(at=at))
    assert sample.operations == MAINTENANCES, sample
    assert Notification.objects.count() == told + MAINTENANCES
    return sample


def _lines(samples: dict[str, list[Sample]]) -> list[str]:
    lines = [f"{'1,000 maintenances on':<24}{'median s':>10}{'from':>8}{'to':>8}{'CPU s':>8}"]
    for name, runs in samples.items():
        wall = [run.wall_s for run in runs]
        cpu = statistics.median(run.cpu_s for run in runs)
        lines.append(
            f"{name:<24}{statistics.median(wall):>10.2f}{min(wall):>8.2f}{max(wall):>8.2f}{cpu:>8.2f}"
        )
    rows = f"{Incident.objects.count():,} maintenances, {IncidentUpdate.objects.count():,} updates"
    return [*lines, f"{rows}, {StatusClaim.objects.count():,} claims in the end"]
