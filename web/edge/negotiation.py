"""What a client's conditional and encoding headers mean (RFC 9110, sections 12.5.3 and 13.1.2)."""

from functools import lru_cache

from web.edge.finished import ENCODINGS

IDENTITY = ENCODINGS.index("identity")


@lru_cache(maxsize=512)
def encoding_index(accept_encoding: str | None) -> int:
    """The index in ENCODINGS of the best encoding the client takes; identity when in doubt."""
    if not accept_encoding:
        return IDENTITY
    weights = dict(_weight(item) for item in accept_encoding.lower().split(","))
    others = weights.get("*", 0.0)
    best, best_weight = IDENTITY, 0.0
    for index, name in enumerate(ENCODINGS[:IDENTITY]):
        weight = weights.get(name, others)
        if weight > best_weight:
            best, best_weight = index, weight
    return best


def matches(if_none_match: str, etag: str) -> bool:
    """Whether one of the client's tags is `etag`, compared weakly as the header demands."""
    if if_none_match.strip() == "*":
        return True
    return any(tag.strip().removeprefix("W/") == etag for tag in if_none_match.split(","))


def _weight(item: str) -> tuple[str, float]:
    name, _, parameters = item.partition(";")
    key, _, value = parameters.strip().partition("=")
    if key.strip() != "q":
        return name.strip(), 1.0
    try:
        return name.strip(), float(value)
    except ValueError:
        return name.strip(), 0.0
