"""How often one source may ask. Counted in this process: nothing to wait for, nothing to lose."""

import ipaddress
import math
import time

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

# Each web process counts for itself, so the real limit is this times their number.
SUBSCRIBE = parse_many("20/minute; 100/hour")
INTERVALS = parse_many("30/minute; 300/hour")

STORAGE = MemoryStorage()
_WINDOW = MovingWindowRateLimiter(STORAGE)


def seconds_to_wait(limits: list[RateLimitItem], what: str, source: str) -> int:
    """Counts one request for `what` from `source`; above 0 it must wait so many seconds."""
    for limit in limits:
        if not _WINDOW.hit(limit, what, source):
            reset_at = _WINDOW.get_window_stats(limit, what, source).reset_time
            return max(1, math.ceil(reset_at - time.time()))
    return 0


def source_of(request: HttpRequest) -> str:
    """The address a request came from; of IPv6 the /64, which is one household or host.

    Behind TRUSTED_PROXIES proxies it is the entry so many places from the right of
    X-Forwarded-For: entries further left are whatever the client wrote.
    """
    address = request.META.get("REMOTE_ADDR", "")
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.TRUSTED_PROXIES <= len(forwarded):
        address = forwarded[-settings.TRUSTED_PROXIES].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
