"""Whether an address typed by a person can be monitored. Pure: no query, no clock, no settings."""

import re
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from monitoring.addresses import PORTS, Policy

MAX_LENGTH = 2000
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRIVATE_NAMES = (".local", ".internal", ".localhost")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def parse_target(text: str, *, policy: Policy) -> str:
    """The address as it will be requested; raises ValueError with a sentence.

    Only plain spellings pass, so that no two parsers can read the address differently.
    Names are not resolved here: where they lead is checked at each connection.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise ValueError(f"The address is longer than {MAX_LENGTH} characters.")
    if any(ord(character) <= 32 or ord(character) == 127 for character in text) or "\\" in text:
        raise ValueError("The address holds spaces, control characters or backslashes.")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise ValueError("The address cannot be read.") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise ValueError("The address must begin with http:// or https://.")
    if "@" in parts.netloc:
        raise ValueError("The address must not hold a user name or password.")
    if "#" in text:
        raise ValueError("The address must not hold a fragment (#).")
    host = _host(parts.hostname or "")
    _check_place(host, port or _DEFAULT_PORTS[parts.scheme], policy)
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port is not None else ""
    path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*")
    query = "?" + quote(parts.query, safe="/%:=&~+!$,;'@()*?") if parts.query else ""
    return f"{parts.scheme}://{place}{path}{query}"


def _host(host: str) -> str:
    """The host in lower case and ASCII."""
    if ":" in host:
        return host
    try:
        name = host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        raise ValueError("The host name cannot be read.") from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise ValueError("The host name cannot be read.")
    return name


def _check_place(host: str, port: int, policy: Policy) -> None:
    """Numeric hosts must be plain IP addresses: 127.1, 0x7f.1 and 2130706433 are refused."""
    if ":" in host or _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        try:
            address = ip_address(host)
        except ValueError:
            raise ValueError("The IP address is not written in the plain form.") from None
        if not policy.allows(address, port):
            raise ValueError(_refusal(f"The address {host}:{port}"))
        return
    if policy.allowed:
        return
    if "." not in host or host.endswith(_PRIVATE_NAMES):
        raise ValueError(_refusal(f"The name {host}"))
    if port not in PORTS:
        raise ValueError(_refusal(f"The port {port}"))


def _refusal(what: str) -> str:
    return (
        f"{what} may not be monitored: only public hosts on the ports 80, 443, 8080 and 8443 "
        "are, and networks named in MONITOR_ALLOWED_NETWORKS."
    )
