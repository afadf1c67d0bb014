"""Where people sign up, and where the links of mails lead."""

from django.urls import URLPattern, URLResolver, path, re_path

from web.public import drafts, subscriptions

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(r"^status/(?P<page>[a-z0-9-]+)/subscribe/?$", subscriptions.subscribe),
    path("status/verify/<str:token>", subscriptions.verify),
    path("status/unsubscribe/<str:token>", subscriptions.unsubscribe),
    path("status/manage/<str:token>", subscriptions.manage),
    path("drafts/<str:token>", drafts.draft),
    path("api/verify", subscriptions.verify),
    path("unsubscribe", subscriptions.unsubscribe),
]
