"""The JSON door's routes; whatever else lies below it is a 404 in JSON."""

from collections.abc import Callable
from functools import wraps

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
)
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from web.api import (
    admin_incidents,
    errors,
    incidents,
    postmortems,
    status,
    subscriptions,
    templates,
    updates,
)
from web.api.body import JsonParser
from web.api.reference import Reference

api = NinjaAPI(
    title="Bellbuoy",
    version="1",
    description="See docs/api.md for a guide with examples.",
    urls_namespace="api",
    parser=JsonParser(),
    docs=Reference(),
)
errors.install(api)
for door in (
    status,
    subscriptions,
    admin_incidents,
    incidents,
    updates,
    postmortems,
    templates,
):
    api.add_router("", door.router)


def _in_json(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answers in JSON what ninja and Django answer in their own words."""

    @csrf_exempt
    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return errors.answer(404, errors.NOT_FOUND)
        if isinstance(response, HttpResponseNotAllowed):
            allowed = {"Allow": response["Allow"]}
            return errors.answer(405, "This route does not take this method.", headers=allowed)
        return response

    return asked


@csrf_exempt
def _nothing_here(request: HttpRequest) -> HttpResponse:
    return errors.answer(404, errors.NOT_FOUND)


def _routes() -> list[URLPattern | URLResolver]:
    patterns, _, _ = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = _in_json(pattern.callback)
    return [path("", (patterns, "ninja", "api")), re_path(r"^", _nothing_here)]


urlpatterns = _routes()
