"""Routes of the public face on the main host."""

from django.urls import URLPattern, URLResolver, path, re_path

from web.page.addresses import DOCUMENTS, PAGE
from web.public import pages
from web.public.formula import formula
from web.public.intervals import intervals
from web.public.shortlinks import follow

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.start, name="start"),
    re_path(rf"^status/(?P<page>{PAGE})(?:/{DOCUMENTS})?/?$", pages.document, name="document"),
    re_path(rf"^{DOCUMENTS}/?$", pages.of_default_page),
    re_path(r"^i/(?P<code>[0-9A-Za-z]{1,12})/?$", follow, name="shortlink"),
    re_path(
        r"^api/status-pages/(?P<page>[A-Za-z0-9-]+)/intervals\.(?P<form>json|csv)$",
        intervals,
        name="intervals",
    ),
    path("docs/uptime", formula, name="formula"),
]
