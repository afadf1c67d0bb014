"""Who asks: a token's user, or the person signed in to the dashboard."""

from django.http import HttpRequest
from django.utils.timezone import now
from ninja.errors import HttpError
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from accounts import tokens
from accounts.actor import Actor
from accounts.models import User

_SCHEMES = {"bearer", "oauth"}


class ActingRequest(HttpRequest):
    """A request that passed `token_or_session`: `auth` acts, and `user` is its person."""

    auth: Actor
    user: User


class _TokenOrSession(AuthBase):
    openapi_type = "http"
    openapi_scheme = "bearer"

    def __call__(self, request: HttpRequest) -> Actor | None:
        """An Authorization header decides alone; without one the session's cookie counts.

        A browser sends cookies for any site's request, never this header: so only the
        session needs a CSRF token.
        """
        header = request.headers.get("Authorization")
        if header is not None:
            return _act_by_token(request, header)
        if not request.user.is_authenticated:
            return None
        if check_csrf(request):
            raise HttpError(403, "The CSRF token is missing or wrong.")
        return Actor.of(request.user)


def _act_by_token(request: HttpRequest, header: str) -> Actor | None:
    scheme, _, text = header.partition(" ")
    token = tokens.find(text.strip(), at=now()) if scheme.lower() in _SCHEMES else None
    if token is None:
        return None
    request.user = token.user
    return Actor.of(token.user, via=f"token {token.name}")


token_or_session = _TokenOrSession()
