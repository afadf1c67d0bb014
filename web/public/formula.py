"""How uptime is counted, in full: docs/uptime.md for readers who have only the server."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from web.page.documents import CONTENT_SECURITY_POLICY


@csrf_exempt
@require_safe
def formula(request: HttpRequest) -> HttpResponse:
    answer = render(None, "public/formula.html", {"text": _text()})
    answer["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    answer["Cache-Control"] = "public, max-age=300"
    return answer


@cache
def _text() -> SafeString:
    source = (Path(settings.BASE_DIR) / "docs" / "uptime.md").read_text()
    return SafeString(MarkdownIt().enable("table").render(source))
