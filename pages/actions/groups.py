"""Making, changing and deleting groups of components."""

from datetime import datetime
from typing import TypedDict, Unpack

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from pages.actions.invalid import line
from pages.models import ComponentGroup, Page
from pages.versions import changing


class GroupChanges(TypedDict, total=False):
    """What `update_group` can set; what is left out stays."""

    name: str
    position: int


def create_group(
    *, page: Page, name: str, actor: Actor, at: datetime, position: int = 0
) -> ComponentGroup:
    """Raises Refused or Invalid."""
    require(actor, Action.PAGE_UPDATE, page.project, obj=page)
    name = line("name", name)
    with changing(page.pk) as [locked]:
        group = ComponentGroup.objects.create(
            page=locked, name=name, position=position, created_at=at, updated_at=at
        )
        _record(group, actor, at, {"created": name})
    return group


def update_group(
    *, group: ComponentGroup, actor: Actor, at: datetime, **changes: Unpack[GroupChanges]
) -> ComponentGroup:
    """Raises Refused or Invalid."""
    require(actor, Action.PAGE_UPDATE, group.page.project, obj=group)
    if "name" in changes:
        changes["name"] = line("name", changes["name"])
    with changing(group.page_id):
        for field, value in changes.items():
            setattr(group, field, value)
        group.updated_at = at
        group.save(update_fields=[*changes, "updated_at"])
        _record(group, actor, at, dict(changes))
    return group


def delete_group(*, group: ComponentGroup, actor: Actor, at: datetime) -> None:
    """Its components stay, without a group. Raises Refused."""
    require(actor, Action.PAGE_UPDATE, group.page.project, obj=group)
    with changing(group.page_id):
        _record(group, actor, at, {"deleted": group.name})
        group.delete()


def _record(group: ComponentGroup, actor: Actor, at: datetime, detail: dict[str, object]) -> None:
    audit.record(
        actor=actor,
        action=Action.PAGE_UPDATE,
        obj=group,
        project=group.page.project,
        at=at,
        detail=detail,
    )
