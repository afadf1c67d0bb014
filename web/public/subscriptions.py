"""Signing up, and the pages behind the links in mails.

No session, no cookie, nothing cached. GET and HEAD change nothing, because mail scanners
follow links: they show one button, and POST acts. The token in the link is the proof.
"""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from pages.links import page_url
from pages.lookup import published_page
from pages.models import Page
from subscribers import actions
from subscribers.models import Subscriber
from web.limits import SUBSCRIBE, seconds_to_wait, source_of
from web.public.errors import too_many_requests
from web.public.private import keep_private

_allow_button = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@require_POST
def subscribe(request: HttpRequest, page: str) -> HttpResponse:
    """The same answer for every address; the mailbox alone learns what it means."""
    found = published_page(page)
    if found is None:
        raise Http404
    if not _from_our_page(request):
        return _page("refused", found, status=HTTPStatus.FORBIDDEN)
    if wait_s := seconds_to_wait(SUBSCRIBE, "subscribe", source_of(request)):
        return too_many_requests(request, retry_after=wait_s)
    email = request.POST.get("email", "")
    # No person sees this field.
    if not request.POST.get("website"):
        try:
            chosen = _chosen(request.POST)
            actions.request_subscription(
                page=found, email=email, component_ids=chosen or (), at=now()
            )
        except ValueError as error:
            context = {"email": email, "problem": str(error)}
            return _page("again", found, context, status=HTTPStatus.BAD_REQUEST)
    return _page("sent", found, {"email": email.strip()}, status=HTTPStatus.ACCEPTED)


@csrf_exempt
@_allow_button
def verify(request: HttpRequest, token: str = "") -> HttpResponse:
    token = token or request.GET.get("token", "")
    if request.method == "POST":
        subscriber = actions.verify(token, at=now())
        return _of(subscriber, "verified")
    return _of(actions.find_unverified(token, at=now()), "verify")


@csrf_exempt
@_allow_button
def unsubscribe(request: HttpRequest, token: str = "") -> HttpResponse:
    """Also what mail programs post to by themselves (RFC 8058): 200, and no redirect."""
    token = token or request.GET.get("token", "")
    if request.method == "POST":
        return _of(actions.unsubscribe(token, at=now()), "unsubscribed", token)
    subscriber = actions.find_by_unsubscribe_token(token)
    if subscriber and subscriber.unsubscribed_at:
        return _of(subscriber, "unsubscribed", token)
    return _of(subscriber, "unsubscribe", token)


@csrf_exempt
@_allow_button
def manage(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        return _selection(actions.find_by_unsubscribe_token(token), token)
    if request.POST.get("again"):
        return _selection(actions.resubscribe(token, at=now()), token, saved=True)
    try:
        subscriber = actions.update_selection(token, _chosen(request.POST), at=now())
    except ValueError as error:
        return _selection(actions.find_by_unsubscribe_token(token), token, problem=str(error))
    return _selection(subscriber, token, saved=True)


def _chosen(form: QueryDict) -> list[UUID] | None:
    """The components of a form, None for all. Raises ValueError with a sentence."""
    if form.get("which") != "some":
        return None
    try:
        chosen = [UUID(text) for text in form.getlist("component")]
    except ValueError:
        raise ValueError("One of these systems does not exist.") from None
    if not chosen:
        raise ValueError("Choose at least one system, or all of them.")
    return chosen


def _from_our_page(request: HttpRequest) -> bool:
    """Browsers name where a form stood; one that stood elsewhere signs nobody up."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        host = urlsplit(origin).netloc
    except ValueError:
        return False
    return host in {request.get_host(), urlsplit(settings.MAIN_URL).netloc}


def _selection(
    subscriber: Subscriber | None, token: str, *, saved: bool = False, problem: str = ""
) -> HttpResponse:
    if subscriber is None:
        return _of(None, "manage")
    if subscriber.unsubscribed_at:
        return _of(subscriber, "unsubscribed", token)
    context = {
        **_paths(token),
        "components": subscriber.page.components.as_on_page(),
        "chosen": set(subscriber.components.values_list("pk", flat=True)),
        "follows_all": subscriber.follows_all,
        "saved": saved,
        "problem": problem,
    }
    status = HTTPStatus.BAD_REQUEST if problem else HTTPStatus.OK
    return _page("manage", subscriber.page, context, status=status)


def _of(subscriber: Subscriber | None, name: str, token: str = "") -> HttpResponse:
    """One answer for tokens that are unknown, used, expired or of another kind."""
    if subscriber is None:
        return keep_private(
            render(None, "public/subscriptions/gone.html", status=HTTPStatus.NOT_FOUND)
        )
    return _page(name, subscriber.page, _paths(token))


def _paths(token: str) -> dict[str, str]:
    return {
        "manage_path": f"/status/manage/{token}",
        "unsubscribe_path": f"/status/unsubscribe/{token}",
    }


def _page(
    name: str,
    page: Page,
    context: Mapping[str, object] | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    shown = {"page_name": page.name, "page_url": page_url(page), **(context or {})}
    return keep_private(render(None, f"public/subscriptions/{name}.html", shown, status=status))
