"""What visitors are told about reclassified spans, beside the figures that follow from them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pages.models import Page, Reclassification
from pages.reclassified import Kind


@dataclass(frozen=True, slots=True)
class Footnote:
    """From `since` until `until` the component's history counts as `kind`, not as seen."""

    component_id: UUID
    since: datetime
    until: datetime
    kind: Kind
    reason: str


def footnotes(page: Page, *, since: datetime) -> list[Footnote]:
    """Those in force that reach beyond `since`, newest span first. One query."""
    rows = Reclassification.objects.in_force().filter(component__page=page, until__gt=since)
    return [
        Footnote(component_id, begun, until, Kind(kind), reason)
        for component_id, begun, until, kind, reason in rows.order_by(
            "-since", "-created_at", "-id"
        ).values_list("component_id", "since", "until", "kind", "reason")
    ]
