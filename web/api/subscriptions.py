"""Signing up by JSON. Every address gets the same answer; only its mailbox learns more."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from ninja import Router
from ninja.decorators import decorate_view

from pages.actions import Invalid
from pages.lookup import default_page, published_page
from pages.models import Page
from subscribers.actions import request_subscription
from web.api.errors import too_many
from web.api.fields import Email, Input, Output, Reference, References
from web.api.services import named, unnamed
from web.limits import SUBSCRIBE, seconds_to_wait, source_of

router = Router(tags=["public"], by_alias=True)


class Subscription(Input):
    email: Email
    services: References


class PageSubscription(Input):
    status_page_id: Reference
    email: Email
    component_ids: References


class Success(Output):
    success: bool = True


def _counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Slows a source down before its body is read."""

    @wraps(view)
    def asked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if wait_s := seconds_to_wait(SUBSCRIBE, "subscribe", source_of(request)):
            return too_many(wait_s)
        return view(request, *args, **kwargs)

    return asked


@router.post("/subscribe", response=Success)
@decorate_view(_counted)
def subscribe(request: HttpRequest, body: Subscription) -> Success:
    """Asks for mails about the default page, or some of its services."""
    _request(default_page(), body.email, body.services, field="services")
    return Success()


@router.post("/subscribers", response=Success)
@decorate_view(_counted)
def subscribe_to_page(request: HttpRequest, body: PageSubscription) -> Success:
    """Asks for mails about one page, named by its id or subdomain."""
    page = published_page(body.status_page_id)
    _request(page, body.email, body.component_ids, field="componentIds")
    return Success()


def _request(page: Page | None, email: str, references: list[str], *, field: str) -> None:
    if page is None:
        raise Http404
    components = named(page.components.all(), references)
    if unnamed(components, references):
        raise Invalid(field, "One of these is not on this page.")
    request_subscription(
        page=page,
        email=email,
        component_ids=[component.pk for component in components],
        at=now(),
    )
