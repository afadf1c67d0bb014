"""One effect for one request: the Idempotency-Key header, and the answer to a repetition."""

import re
from collections.abc import Callable
from typing import TypeVar, cast

from django.http import HttpRequest
from ninja import Status
from ninja.errors import HttpError

from incidents.actions import Repeated
from incidents.models import Incident, IncidentUpdate
from incidents.once import KEY_LIMIT
from web.api.errors import renamed

Made = TypeVar("Made", Incident, IncidentUpdate)
Shown = TypeVar("Shown")
_PRINTABLE = re.compile(r"(?! )[\x20-\x7e]+(?<! )")


def once(
    request: HttpRequest, make: Callable[[str], Made], show: Callable[[Made], Shown]
) -> Status[Shown]:
    """201 with what `make` made under the request's key, 200 with what it made the first time.

    Raises HttpError for what is no key, Invalid for one that served another request.
    """
    key = _key_of(request)
    try:
        with renamed(key="Idempotency-Key"):
            return Status(201, show(make(key)))
    except Repeated as repeated:
        # The fingerprint names the verb, hence the kind of what it made.
        return Status(200, show(cast(Made, repeated.row)))


def _key_of(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return ""
    if len(key) > KEY_LIMIT or not _PRINTABLE.fullmatch(key):
        raise HttpError(400, f"An Idempotency-Key has 1 to {KEY_LIMIT} printable characters.")
    return key
