"""Making, changing and deleting components."""

from datetime import datetime
from typing import TypedDict, Unpack

from accounts import audit
from accounts.access import require
from accounts.actor import Actor
from accounts.roles import Action
from pages import claims, days, slugs
from pages.actions.invalid import Invalid, line, naming, require_within, text_or_none
from pages.models import Component, ComponentGroup, Page
from pages.versions import changing

MOST_CHECKS = 100


class ComponentChanges(TypedDict, total=False):
    """What `update_component` can set; what is left out stays."""

    name: str
    slug: str
    group: ComponentGroup | None
    description: str | None
    position: int
    failure_threshold: int
    recovery_threshold: int


def create_component(
    *,
    page: Page,
    name: str,
    actor: Actor,
    at: datetime,
    slug: str = "",
    group: ComponentGroup | None = None,
    description: str | None = None,
    position: int = 0,
    failure_threshold: int = 1,
    recovery_threshold: int = 1,
) -> Component:
    """Makes an operational component, whose history begins at `at`.

    Without a `slug` one is made of the name. Raises Refused or Invalid.
    """
    require(actor, Action.COMPONENT_CREATE, page.project, obj=page)
    values = _valid(
        name=name,
        group=group,
        description=description,
        position=position,
        failure_threshold=failure_threshold,
        recovery_threshold=recovery_threshold,
    )
    with changing(page.pk) as [locked]:
        _require_same_page(group, locked)
        component = Component.objects.create(
            page=locked,
            slug=_free_slug(locked, slug) if slug else _slug_from(values["name"], locked),
            created_at=at,
            updated_at=at,
            **values,
        )
        claims.rebuild(component)
        _record(Action.COMPONENT_CREATE, component, actor, at, {"slug": component.slug})
    return component


def update_component(
    *, component: Component, actor: Actor, at: datetime, **changes: Unpack[ComponentChanges]
) -> Component:
    """Raises Refused or Invalid."""
    require(actor, Action.COMPONENT_UPDATE, component.page.project, obj=component)
    values = _valid(**changes)
    with changing(component.page_id) as [page]:
        _require_same_page(values.get("group"), page)
        if "slug" in values:
            _free_slug(page, values["slug"], besides=component)
        locked = Component.objects.select_related("page__project").get(pk=component.pk)
        for field, value in values.items():
            setattr(locked, field, value)
        locked.updated_at = at
        locked.save(update_fields=[*values, "updated_at"])
        _record(Action.COMPONENT_UPDATE, locked, actor, at, {"changed": sorted(values)})
    return locked


def delete_component(*, component: Component, actor: Actor, at: datetime) -> None:
    """Deletes it with its history; the page's days are summed over what remains.

    Raises Refused.
    """
    require(actor, Action.COMPONENT_DELETE, component.page.project, obj=component)
    with changing(component.page_id) as [page]:
        _record(Action.COMPONENT_DELETE, component, actor, at, {"name": component.name})
        component.delete()
        days.resum_page(page)


def _valid(**changes: Unpack[ComponentChanges]) -> ComponentChanges:
    if "name" in changes:
        changes["name"] = line("name", changes["name"])
    if "slug" in changes:
        with naming("slug"):
            changes["slug"] = slugs.component_slug(changes["slug"])
    if "description" in changes:
        changes["description"] = text_or_none("description", changes["description"])
    require_within("failure_threshold", changes.get("failure_threshold", 1), 1, MOST_CHECKS)
    require_within("recovery_threshold", changes.get("recovery_threshold", 1), 1, MOST_CHECKS)
    return changes


def _require_same_page(group: ComponentGroup | None, page: Page) -> None:
    if group and group.page_id != page.pk:
        raise Invalid("group", "Choose a group of this page.")


def _free_slug(page: Page, slug: str, *, besides: Component | None = None) -> str:
    """`slug`, tidied, unless another component has it; the page's lock keeps it free."""
    with naming("slug"):
        slug = slugs.component_slug(slug)
    others = page.components.exclude(pk=besides.pk) if besides else page.components
    if others.filter(slug=slug).exists():
        raise Invalid("slug", "Another component of this page has this slug.")
    return slug


def _slug_from(name: str, page: Page) -> str:
    return slugs.free_slug(name, set(page.components.values_list("slug", flat=True)))


def _record(
    action: Action, component: Component, actor: Actor, at: datetime, detail: dict[str, object]
) -> None:
    audit.record(
        actor=actor,
        action=action,
        obj=component,
        project=component.page.project,
        at=at,
        detail=detail,
    )
