"""For load balancers and people: does the process answer, is what it needs there."""

from datetime import datetime

from django.core.cache import caches
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from web.heartbeats import ages


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; a node without its database still serves pages."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database and cache answer, else 503; ages in seconds, null when never seen."""
    at = now()
    database, beat, workers = _database(at)
    cache = _cache()
    report = {
        "status": "ok" if database and cache else "unavailable",
        "database": database,
        "cache": cache,
        "beat_age": beat,
        "workers": workers,
    }
    return JsonResponse(report, status=200 if database and cache else 503)


def _database(at: datetime) -> tuple[bool, float | None, dict[str, float]]:
    try:
        found = ages(at=at)
    except Error:
        return False, None, {}
    return True, found.beat, found.workers


def _cache() -> bool:
    """Asks the server itself: the cache swallows errors so that pages go on without it."""
    mark = "healthz"
    cache = caches["redis"]
    cache.set(mark, mark, 5)
    return bool(cache.get(mark) == mark)
