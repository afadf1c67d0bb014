"""Which addresses a monitor may connect to. Pure: no query, no clock, no settings."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = frozenset({80, 443, 8080, 8443})

# Python's is_global lets these through, wholly or in some versions.
_BAD_NETWORKS = tuple(
    ip_network(text)
    for text in (
        "100.64.0.0/10",  # shared address space; metadata service of one cloud
        "168.63.129.16/32",  # metadata service of another
        "192.0.0.0/24",
        "192.88.99.0/24",
        "::/96",
        "64:ff9b::/96",  # NAT64: holds any IPv4 address
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo
        "2002::/16",  # 6to4
    )
)


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped IPv6 address stands for, else itself."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def is_public(address: Address) -> bool:
    """Whether anybody may be asked to connect there: not ourselves, not a private network."""
    plain = unwrapped(address)
    if not plain.is_global or plain.is_multicast or plain.is_reserved or plain.is_unspecified:
        return False
    return not any(plain in network for network in _BAD_NETWORKS)


@dataclass(frozen=True, slots=True)
class Policy:
    """Public addresses on web ports, and whatever lies in the operator's `allowed` networks."""

    allowed: tuple[Network, ...] = ()

    @classmethod
    def of(cls, networks: Iterable[str]) -> "Policy":
        """Raises ValueError naming the text that is not a network."""
        return cls(tuple(_network(text.strip()) for text in networks if text.strip()))

    def allows(self, address: Address, port: int) -> bool:
        plain = unwrapped(address)
        if any(plain in network for network in self.allowed):
            return True
        return port in PORTS and is_public(plain)

    def allows_text(self, address: str, port: int) -> bool:
        """`allows` for an address as the socket layer spells it (`fe80::1%eth0` is refused)."""
        try:
            return self.allows(ip_address(address), port)
        except ValueError:
            return False


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise ValueError(f"{text!r} is not a network such as 10.0.0.0/8: {error}") from None
