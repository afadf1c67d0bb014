"""Reads request bodies: JSON only, uncompressed, and free of what could harm later."""

from django.http import HttpRequest
from ninja.parser import Parser

from web.input import read_json


class Unsupported(ValueError):  # noqa: N818 (reads as what happened)
    """A body in a type, charset or encoding that is not read here."""


class JsonParser(Parser):
    def parse_body(self, request: HttpRequest) -> object:  # type: ignore[override]
        """Raises ValueError with a sentence; what stands inside is the schema's business."""
        if request.content_type != "application/json":
            raise Unsupported("Send the body as 'Content-Type: application/json'.")
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            raise Unsupported("Send the body in UTF-8.")
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Unsupported("Send the body without compression.")
        return read_json(request.body)
