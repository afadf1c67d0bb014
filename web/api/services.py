"""Which components a body means, by id or by slug."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from accounts.access import note_hidden
from accounts.models import User
from accounts.roles import Action
from pages.actions import Invalid
from pages.lookup import default_page
from pages.models import Component, ComponentQuerySet, Page
from web.api.auth import ActingRequest
from web.api.lookup import is_id


def named(components: ComponentQuerySet, references: Iterable[str]) -> list[Component]:
    """Those of `components` that `references` name."""
    ids = [UUID(reference) for reference in references if is_id(reference)]
    return list(components.filter(Q(id__in=ids) | Q(slug__in=list(references))))


def unnamed(components: Iterable[Component], references: Iterable[str]) -> list[str]:
    """The references that name none of `components`."""
    known = {name for component in components for name in (str(component.pk), component.slug)}
    return [reference for reference in references if plain(reference) not in known]


def chosen(
    request: ActingRequest, action: Action, references: Sequence[str]
) -> tuple[Page, list[Component]]:
    """The one page that `references` lie on and its components they name.

    Slugs repeat between pages: the default page goes first, then the only page that has
    them all. Without references it is the page a person would mean. Raises Http404, the
    same for missing and foreign ones, and Invalid.
    """
    if not references:
        return _obvious_page(request.user), []
    visible = Component.objects.visible_to(request.user).select_related("page__project")
    by_page: dict[Page, list[Component]] = defaultdict(list)
    for component in named(visible, references):
        by_page[component.page].append(component)
    complete = {
        page: components
        for page, components in by_page.items()
        if not unnamed(components, references)
    }
    if not complete:
        found = [component for components in by_page.values() for component in components]
        note_hidden(
            request.auth, action, "component", [*unnamed(found, references), *references][0]
        )
        raise Http404
    page = _preferred(list(complete))
    return page, complete[page]


def on_page(
    request: ActingRequest, action: Action, page: Page, references: Sequence[str]
) -> list[Component]:
    """The components of `page` that `references` name. Raises Http404 unless all are there."""
    components = named(page.components.all(), references)
    if missing := unnamed(components, references):
        note_hidden(request.auth, action, "component", missing[0])
        raise Http404
    return components


def _preferred(pages: list[Page]) -> Page:
    if len(pages) == 1:
        return pages[0]
    default = default_page()
    if default in pages:
        return default
    raise Invalid("serviceIds", "Several of your pages have these services: use their ids.")


def _obvious_page(user: User) -> Page:
    visible = Page.objects.visible_to(user).exclude(status=Page.State.ARCHIVED)
    pages = list(visible.select_related("project").order_by("id")[:2])
    default = default_page()
    if default and visible.filter(pk=default.pk).exists():
        return default
    if not pages:
        raise Http404
    if len(pages) > 1:
        raise Invalid("serviceIds", "You see several pages: name a service of one.")
    return pages[0]


def plain(reference: str) -> str:
    return reference.lower() if is_id(reference) else reference
