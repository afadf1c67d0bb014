"""What is answered when there is no page: in words for people, in JSON for programs."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from web.page.documents import CONTENT_SECURITY_POLICY


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, HTTPStatus.BAD_REQUEST, "400.html", "The request was not understood")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, HTTPStatus.FORBIDDEN, "403.html", "Not permitted")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _answer(request, HTTPStatus.NOT_FOUND, "404.html", "Not found")


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, "500.html", "Internal error")


def too_many_requests(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """`retry_after` in seconds."""
    answer = _answer(request, HTTPStatus.TOO_MANY_REQUESTS, "429.html", "Too many requests")
    answer["Retry-After"] = str(retry_after)
    return answer


def _answer(request: HttpRequest, status: HTTPStatus, template: str, message: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        answer: HttpResponse = JsonResponse({"error": message}, status=status)
    else:
        answer = render(None, template, status=status)
        answer["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    answer["Cache-Control"] = "no-store"
    return answer
