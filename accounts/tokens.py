"""API tokens: made once, shown once, kept only as a digest."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import ApiToken, User

PREFIX = "bb_"
_SHAPE = re.compile(r"bb_[A-Za-z0-9_-]{43}")
_USE_IS_NOTED_EVERY = timedelta(minutes=1)


def issue(*, user: User, name: str, at: datetime) -> str:
    """Makes a token of 32 random bytes for `user` and returns its text, the only time."""
    text = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=_digest(text), created_at=at)
    return text


def find(text: str, *, at: datetime) -> ApiToken | None:
    """The live token of an active user with this text; notes its use once a minute."""
    if not _SHAPE.fullmatch(text):
        return None
    token = (
        ApiToken.objects.select_related("user")
        .filter(digest=_digest(text), revoked_at__isnull=True, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - _USE_IS_NOTED_EVERY)
    ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=at)
    return token


def _digest(text: str) -> bytes:
    """SHA-256 is enough: 256 random bits cannot be guessed, so nothing is gained by slowness."""
    return hashlib.sha256(text.encode("ascii")).digest()
