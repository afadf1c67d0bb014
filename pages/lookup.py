"""Which published page an address means. Drafts and archived pages are not found."""

import re
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from pages.models import Page

_REF = re.compile(r"[a-z0-9-]{3,36}")


def published_page(ref: str) -> Page | None:
    """The published page whose subdomain or id is `ref`, in any case.

    An id has one spelling here: each further one would be another address to cache.
    """
    ref = ref.lower()
    if not _REF.fullmatch(ref):
        return None
    named = Q(subdomain=ref)
    with suppress(ValueError):
        if str(UUID(ref)) == ref:
            named |= Q(id=ref)
    return Page.objects.published().filter(named).first()


def default_page() -> Page | None:
    """The page of the main host's root: DEFAULT_PAGE, else the only published one."""
    if settings.DEFAULT_PAGE:
        return published_page(settings.DEFAULT_PAGE)
    found = Page.objects.published()[:2]
    return found[0] if len(found) == 1 else None
