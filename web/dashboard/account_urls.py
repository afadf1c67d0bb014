"""What of allauth is mounted: signing in and out, and passwords. Nothing else is reachable.

Its templates and views reverse some names besides; those lead to a 404.
"""

from allauth.account import views
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from web.dashboard.reset_form import ResetForm


def closed(request: HttpRequest) -> HttpResponse:
    raise Http404


_reset: list[URLPattern | URLResolver] = [
    path("", views.PasswordResetView.as_view(form_class=ResetForm), name="account_reset_password"),
    path("done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", include(_reset)),
    path("password/set/", closed, name="account_set_password"),
    path("signup/", closed, name="account_signup"),
]
