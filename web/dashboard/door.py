"""The operators' door: who may come in, and what a refusal looks like."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from accounts.access import Refused
from accounts.models import User

P = ParamSpec("P")


class OperatorRequest(HttpRequest):
    """A request whose user is signed in."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[OperatorRequest, P], HttpResponse]


def operators_only(view: View[P]) -> View[P]:
    """Lets signed-in people in and keeps answers out of caches.

    Refused becomes 403 in the middleware, 404 here for people without any role in the
    project: to them the object is missing.
    """

    @wraps(view)
    def guarded(request: OperatorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            if refused.role is None:
                raise Http404 from None
            raise

    return never_cache(login_required(guarded))
