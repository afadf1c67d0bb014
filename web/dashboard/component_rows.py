"""The rows of the components tab, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from incidents.models import Incident
from monitoring.models import ComponentMonitor, Monitor
from pages.models import Component, ComponentGroup, Page, StatusClaim
from pages.sources import CHECKS, MANUAL, is_maintenance
from web.dashboard.component_forms import StatusForm


@dataclass(frozen=True, slots=True)
class Reason:
    """A live claim in words."""

    who: str
    claim: StatusClaim


@dataclass(frozen=True, slots=True)
class Row:
    """`answered` is set right after a change: then the reasons are shown."""

    component: Component
    reasons: list[Reason]
    monitors: list[Monitor]
    form: StatusForm
    answered: bool = False

    @property
    def pin(self) -> StatusClaim | None:
        return next((reason.claim for reason in self.reasons if reason.claim.pinned), None)


@dataclass(frozen=True, slots=True)
class Section:
    group: ComponentGroup | None
    rows: list[Row]


def sections(page: Page, *, answered: UUID | None = None) -> list[Section]:
    """Groups in their order, with empty ones; what has no group comes first."""
    components = list(page.components.in_order())
    rows: dict[UUID | None, list[Row]] = defaultdict(list)
    for row in rows_of(components, answered=answered):
        rows[row.component.group_id].append(row)
    groups = page.groups.order_by("position", "name", "id")
    found = [Section(group, rows[group.id]) for group in groups]
    return [Section(None, rows[None]), *found] if rows[None] else found


def rows_of(components: Sequence[Component], *, answered: UUID | None = None) -> list[Row]:
    reasons, monitors = _reasons(components), _monitors(components)
    return [
        Row(
            component=component,
            reasons=reasons[component.id],
            monitors=monitors[component.id],
            form=StatusForm(initial={"status": component.status}, auto_id=f"id_{component.id}_%s"),
            answered=component.id == answered,
        )
        for component in components
    ]


def _reasons(components: Sequence[Component]) -> dict[UUID, list[Reason]]:
    claims = list(
        StatusClaim.objects.live().filter(component__in=components).order_by("since", "id")
    )
    titles = _incident_titles(claims)
    found: dict[UUID, list[Reason]] = defaultdict(list)
    for claim in claims:
        found[claim.component_id].append(Reason(titles.get(claim.source) or _who(claim), claim))
    return found


def _who(claim: StatusClaim) -> str:
    if claim.source == MANUAL:
        return f"Set by {claim.actor}"
    if claim.source == CHECKS:
        return "Checks"
    return "Maintenance" if is_maintenance(claim.source) else "Another system"


def _incident_titles(claims: Sequence[StatusClaim]) -> dict[str, str]:
    ids = {}
    for claim in claims:
        kind, _, rest = claim.source.partition(":")
        if kind == "incident":
            ids[rest] = claim.source
    rows = Incident.objects.filter(pk__in=ids).values_list("pk", "name")
    return {ids[str(pk)]: name for pk, name in rows}


def _monitors(components: Sequence[Component]) -> dict[UUID, list[Monitor]]:
    found: dict[UUID, list[Monitor]] = defaultdict(list)
    links = ComponentMonitor.objects.filter(component__in=components)
    for link in links.select_related("monitor").order_by("monitor__name", "id"):
        found[link.component_id].append(link.monitor)
    return found
