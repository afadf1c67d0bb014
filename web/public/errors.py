"""What is answered when there is no page: in words for people, in JSON for programs.

The JSON has the API's shape: `{"error": code, "message": sentence}`.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render

from accounts.access import Refused
from web.page.documents import CONTENT_SECURITY_POLICY

log = logging.getLogger(__name__)

COME_BACK_S = 10


class ExpectedErrors:
    """Middleware: what views raise without being wrong is answered, with one line in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and _by_program(request):
            return _without_a_line(_method_not_allowed(allowed=answer["Allow"]))
        return answer

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            # It was noted where it was refused.
            return _without_a_line(forbidden(request, exception))
        if isinstance(exception, OperationalError | InterfaceError):
            why = " ".join(str(exception).split())
            log.warning("database cannot be asked for %s %s: %s", request.method, request.path, why)
            return _without_a_line(unavailable(request))
        return None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.BAD_REQUEST,
        "400.html",
        "bad_request",
        "The request was not understood.",
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, HTTPStatus.FORBIDDEN, "403.html", "forbidden", "Not permitted.")


def form_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW; why is in the log."""
    return _answer(
        request,
        HTTPStatus.FORBIDDEN,
        "403_form.html",
        "forbidden",
        "The form's token is missing or wrong.",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(
        request, HTTPStatus.NOT_FOUND, "404.html", "not_found", "Not found or access denied."
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "500.html",
        "internal_error",
        "Something broke on our side.",
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    answer = _answer(
        request,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "503.html",
        "unavailable",
        "The database is not available. Try again soon.",
    )
    answer["Retry-After"] = str(COME_BACK_S)
    return answer


def too_many_requests(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """`retry_after` in seconds."""
    answer = _answer(
        request, HTTPStatus.TOO_MANY_REQUESTS, "429.html", "too_many_requests", "Too many requests."
    )
    answer["Retry-After"] = str(retry_after)
    return answer


def _answer(
    request: HttpRequest, status: HTTPStatus, template: str, code: str, message: str
) -> HttpResponse:
    if _by_program(request):
        answer = _in_json(status, code, message)
    else:
        answer = render(None, template, status=status)
        answer["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    answer["Cache-Control"] = "no-store"
    return answer


def _method_not_allowed(*, allowed: str) -> HttpResponse:
    """`allowed` is the Allow header."""
    answer = _in_json(
        HTTPStatus.METHOD_NOT_ALLOWED,
        "method_not_allowed",
        "This route does not take this method.",
    )
    answer["Allow"] = allowed
    return answer


def _by_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _in_json(status: HTTPStatus, code: str, message: str) -> HttpResponse:
    return JsonResponse({"error": code, "message": message}, status=status)


def _without_a_line(answer: HttpResponse) -> HttpResponse:
    """Django logs each error it answers, unless this says that it was done."""
    answer._has_been_logged = True  # type: ignore[attr-defined]  # noqa: SLF001
    return answer
