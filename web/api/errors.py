"""Every error of the JSON door: `{"error": code, "message": sentence, "fields": {...}}`.

`fields` stands only where single fields are wrong. No answer repeats what was sent.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic.alias_generators import to_camel

from accounts.access import Refused
from pages.actions import Conflict, Invalid
from web.api.body import Unsupported
from web.input import BODY_LIMIT, TooLarge
from web.limits import source_of

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    500: "internal_error",
    503: "unavailable",
}
NOT_FOUND = "Not found or access denied."
_FIELDS_LIMIT = 20
_NAME_LIMIT = 60


def answer(
    status: int,
    message: str,
    *,
    fields: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    content: dict[str, object] = {"error": CODES[status], "message": message}
    if fields:
        content["fields"] = fields
    return JsonResponse(content, status=status, headers=headers)


def too_many(wait_s: int) -> HttpResponse:
    return answer(429, "Too many requests. Try again later.", headers={"Retry-After": str(wait_s)})


def install(api: NinjaAPI) -> None:
    for error, handler in _HANDLERS.items():
        api.add_exception_handler(error, handler)


@contextmanager
def renamed(**names: str) -> Iterator[None]:
    """Says `names[field]` where a verb calls a field otherwise than the body does."""
    try:
        yield
    except Invalid as error:
        error.field = names.get(error.field, error.field)
        raise


def _unauthorized(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    _log_anonymous(request, "no valid token or session")
    return answer(
        401,
        "Sign in, or send a valid token as 'Authorization: Bearer <token>'.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja hides what is wrong with a body behind its own error; the cause tells."""
    match error.__cause__:
        case TooLarge() as cause:
            return _too_large(request, cause)
        case Unsupported() as cause:
            return answer(415, str(cause))
        case ValueError() as cause:
            return answer(400, str(cause))
    if error.status_code == HTTPStatus.FORBIDDEN:
        _log_anonymous(request, error.message)
    return answer(error.status_code, error.message)


def _invalid_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {
        _field_of(wrong["loc"]): wrong["msg"].removeprefix("Value error, ")
        for wrong in error.errors[:_FIELDS_LIMIT]
    }
    return answer(422, "Some fields are missing or wrong.", fields=fields)


def _field_of(path: tuple[str | int, ...]) -> str:
    """The path inside the body: ninja puts the place and the argument's name before it."""
    return ".".join(str(part) for part in path[2:])[:_NAME_LIMIT] or "body"


def _invalid(request: HttpRequest, error: Invalid) -> HttpResponse:
    field = to_camel(error.field) if "_" in error.field else error.field
    return answer(422, error.message, fields={field: error.message})


def _conflict(request: HttpRequest, error: Conflict) -> HttpResponse:
    return answer(409, error.message)


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    if error.role is None:
        return answer(404, NOT_FOUND)
    return answer(403, "Your role does not permit this.")


def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return answer(404, NOT_FOUND)


def _too_large(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(413, f"The body is larger than {BODY_LIMIT:,} bytes.")


def _unreadable(request: HttpRequest, error: Exception) -> HttpResponse:
    return answer(400, "The request cannot be read.")


def _unavailable(request: HttpRequest, error: OperationalError) -> HttpResponse:
    why = " ".join(str(error).split())
    log.warning("database cannot be asked for %s %s: %s", request.method, request.path, why)
    return answer(
        503, "The database is not available. Try again soon.", headers={"Retry-After": "5"}
    )


def _internal(request: HttpRequest, error: Exception) -> HttpResponse:
    log.error("failed: %s %s", request.method, request.path, exc_info=error)
    return answer(500, "Something went wrong here. It has been logged.")


def _log_anonymous(request: HttpRequest, why: str) -> None:
    log.warning(
        "[SECURITY] refused %s %s from %s: %s",
        request.method,
        request.path,
        source_of(request),
        why,
    )


_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    AuthenticationError: _unauthorized,
    HttpError: _http_error,
    ValidationError: _invalid_fields,
    Conflict: _conflict,
    Invalid: _invalid,
    Refused: _refused,
    Http404: _not_found,
    RequestDataTooBig: _too_large,
    SuspiciousOperation: _unreadable,
    UnreadablePostError: _unreadable,
    OperationalError: _unavailable,
    Exception: _internal,
}
