"""Short addresses of incidents, for messages; they survive whatever the page is called."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from pages.models import Page
from web.page.addresses import incident_path
from web.page.incident_facts import readable

CACHE_CONTROL = "public, max-age=60"


@csrf_exempt
@require_safe
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """302 to the incident where visitors may read it, else 404. Codes are in any case."""
    shown = readable().filter(page__status=Page.State.PUBLISHED)
    incident = shown.select_related("page").filter(code=code.lower()).first()
    if incident is None:
        raise Http404
    answer = redirect(incident_path(incident.page.subdomain, incident.pk))
    answer["Cache-Control"] = CACHE_CONTROL
    return answer
