"""Routes of the public face on the main host."""

from django.urls import URLPattern, URLResolver, path, re_path

from web.public import pages
from web.public.formula import formula
from web.public.intervals import intervals

_TREE = r"(?:incidents/[0-9a-f-]{36}|api/v2/(?:status|summary)\.json)"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="start"),
    re_path(rf"^status/(?P<page>[a-z0-9-]+)(?:/{_TREE})?/?$", pages.document, name="document"),
    re_path(rf"^{_TREE}/?$", pages.of_default_page),
    re_path(
        r"^api/status-pages/(?P<page>[A-Za-z0-9-]+)/intervals\.(?P<form>json|csv)$",
        intervals,
        name="intervals",
    ),
    path("docs/uptime", formula, name="formula"),
]
