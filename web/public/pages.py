"""Public documents over Django, where the edge is not in front or did not know the address."""

from datetime import datetime
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe

from pages.lookup import default_page
from web.page.addresses import page_path
from web.page.documents import address_of, build


@csrf_exempt
@require_safe
@conditional_page
def document(request: HttpRequest, **captured: str) -> HttpResponse:
    return _answer(request.path, now())


@csrf_exempt
@require_safe
@conditional_page
def start(request: HttpRequest) -> HttpResponseBase:
    """The default page, the unsubscribe page of an old link, or the way to sign in."""
    if token := request.GET.get("unsubscribe"):
        return redirect(f"/status/unsubscribe/{quote(token, safe='')}")
    page = default_page()
    if page is None:
        return redirect(settings.LOGIN_URL)
    return _answer(page_path(page.subdomain), now())


@csrf_exempt
@require_safe
@conditional_page
def of_default_page(request: HttpRequest, **captured: str) -> HttpResponse:
    """The default page's documents at the main host's root."""
    page = default_page()
    if page is None:
        raise Http404
    return _answer(page_path(page.subdomain) + request.path, now())


def _answer(path: str, at: datetime) -> HttpResponse:
    address = address_of(path)
    found = build(address, at=at) if address else None
    if found is None:
        raise Http404
    return HttpResponse(found.body, content_type=found.content_type, headers=dict(found.headers))
