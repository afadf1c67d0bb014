"""A page, its groups and its systems as facts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pages.links import page_url
from pages.models import Component, ComponentGroup, ObservationGap, Page
from web.page import tolerant
from web.page.facts import ComponentFacts, GroupFacts, PageFacts


def page_facts(page: Page) -> PageFacts:
    return PageFacts(
        id=page.id,
        name=tolerant.line(page.name),
        subdomain=page.subdomain,
        url=page_url(page),
        zone=tolerant.zone(page.timezone),
        version=page.version,
        updated_at=page.updated_at,
    )


def group_facts(page: Page) -> tuple[GroupFacts, ...]:
    return tuple(_group(row) for row in page.groups.order_by("position", "name", "id"))


def component_facts(page: Page, gaps: Mapping[UUID, datetime]) -> tuple[ComponentFacts, ...]:
    """`gaps` tells since when a system, by id, is not verified."""
    return tuple(_component(row, gaps.get(row.pk)) for row in page.components.in_order())


def open_gaps(page: Page) -> dict[UUID, datetime]:
    gaps = ObservationGap.objects.filter(component__page=page, until__isnull=True)
    return dict(gaps.values_list("component_id", "since"))


def _group(row: ComponentGroup) -> GroupFacts:
    return GroupFacts(
        id=row.id,
        name=tolerant.line(row.name),
        position=row.position,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _component(row: Component, unverified_since: datetime | None) -> ComponentFacts:
    return ComponentFacts(
        id=row.id,
        name=tolerant.line(row.name),
        description=row.description,
        status=tolerant.status(row.status),
        position=row.position,
        group_id=row.group_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        unverified_since=unverified_since,
    )
