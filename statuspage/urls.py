"""Every route of the product, by door."""

from django.urls import URLPattern, URLResolver, include, path

from web.health import healthz, livez

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez),
    path("healthz", healthz),
    path("accounts/", include("web.dashboard.account_urls")),
    path("", include("web.dashboard.urls")),
    path("", include("web.public.subscription_urls")),
    path("", include("web.public.urls")),
    # Last: below it everything unknown is a 404 in JSON.
    path("api/", include("web.api.urls")),
]

handler400 = "web.public.errors.bad_request"
handler403 = "web.public.errors.forbidden"
handler404 = "web.public.errors.not_found"
handler500 = "web.public.errors.server_error"
