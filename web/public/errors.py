"""What is answered when there is no page: in words for people, in JSON for programs.

The JSON has the API's shape: `{"error": code, "message": sentence}`.
"""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from web.page.documents import CONTENT_SECURITY_POLICY


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
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"error": code, "message": message}, status=status)
    else:
        answer = render(None, template, status=status)
        answer["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    answer["Cache-Control"] = "no-store"
    return answer
