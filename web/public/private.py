"""Answers at addresses that hold a token."""

from django.http import HttpResponse

from web.page.documents import CONTENT_SECURITY_POLICY


def keep_private(answer: HttpResponse) -> HttpResponse:
    """Nothing keeps the answer, nothing passes its address on."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    answer["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return answer
