"""REDIS_URL as Celery's transport spells it."""

from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured


def broker_url(redis_url: str) -> str:
    """`unix:///path?db=0` becomes `redis+socket:///path?virtual_host=0`; TCP addresses stay.

    Raises ImproperlyConfigured for anything that is neither.
    """
    parts = urlsplit(redis_url)
    if parts.scheme in {"redis", "rediss"} and parts.hostname:
        return redis_url
    if parts.scheme == "unix" and parts.path:
        database = parse_qs(parts.query).get("db", ["0"])[0]
        return f"redis+socket://{parts.path}?virtual_host={database}"
    raise ImproperlyConfigured(
        f"REDIS_URL={redis_url!r} is neither redis://, rediss:// nor unix:///path?db=0"
    )
