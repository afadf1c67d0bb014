"""libcurl's errors in our words. Pure: no query, no clock, no settings.

The numbers are those of libcurl's `CURLcode` (https://curl.se/libcurl/c/libcurl-errors.html),
which pycurl names only in part.
"""

import errno

from monitoring.outcome import Reason

COULDNT_CONNECT = 7
WRITE_ERROR = 23
TIMED_OUT = 28
_RECV_ERROR = 56

_REASONS = {
    1: Reason.MALFORMED,  # HTTP/0.9, or a redirect to another protocol
    3: Reason.MALFORMED,  # a redirect to something that is no URL
    5: Reason.DNS,
    6: Reason.DNS,
    8: Reason.MALFORMED,
    16: Reason.MALFORMED,
    18: Reason.INCOMPLETE,
    TIMED_OUT: Reason.TIMEOUT,
    35: Reason.TLS,
    47: Reason.TOO_MANY_REDIRECTS,
    52: Reason.EMPTY_ANSWER,
    53: Reason.TLS,
    54: Reason.TLS,
    55: Reason.RESET,
    58: Reason.TLS,
    59: Reason.TLS,
    60: Reason.TLS,
    61: Reason.MALFORMED,
    67: Reason.MALFORMED,  # a redirect that holds a user name
    77: Reason.TLS,
    80: Reason.TLS,
    83: Reason.TLS,
    90: Reason.TLS,
    91: Reason.TLS,
    98: Reason.TLS,
    100: Reason.MALFORMED,  # headers beyond every measure
}
_OS_ERRORS = {errno.ECONNREFUSED: Reason.REFUSED, errno.ECONNRESET: Reason.RESET}


# Connecting failed for want of something of ours: descriptors, ports, memory.
OUR_ERRORS = frozenset(
    {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL}
)


def reason_of(code: int, os_error: int) -> Reason:
    """The reason for a CURLcode; `os_error` is the errno of a failed connection."""
    if code == COULDNT_CONNECT:
        return _OS_ERRORS.get(os_error, Reason.UNREACHABLE)
    if code == _RECV_ERROR:
        return _OS_ERRORS.get(os_error, Reason.INCOMPLETE)
    return _REASONS.get(code, Reason.FAILED)
