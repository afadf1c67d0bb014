"""Who asks, seen through the proxies in front. Pure."""

from ipaddress import ip_address


def peer_address(peer: str) -> str:
    """The address in `host:port` as the server gives it; IPv6 may be in brackets."""
    return peer.rpartition(":")[0].strip("[]")


def client_address(peer: str, forwarded_for: str | None, *, proxies: int) -> str:
    """The address the outermost of our `proxies` saw, counted from the right.

    Whatever a client wrote into X-Forwarded-For itself stands further left and is not believed.
    With fewer entries than proxies, or rubbish in the place, it is the peer.
    """
    if not proxies or not forwarded_for:
        return peer
    hops = [hop.strip() for hop in forwarded_for.split(",")]
    if len(hops) < proxies:
        return peer
    try:
        return str(ip_address(hops[-proxies].strip("[]")))
    except ValueError:
        return peer


def scheme(own: str, forwarded_proto: str | None, *, proxies: int) -> str:
    """The request's scheme, http or https, as the nearest proxy says where there is one."""
    if not proxies or not forwarded_proto:
        return own
    nearest = forwarded_proto.rpartition(",")[2].strip().lower()
    return nearest if nearest in {"http", "https"} else own
