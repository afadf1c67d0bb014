"""Sessions in PostgreSQL. Redis may be away or hang without signing anybody out."""

import re

from django.contrib.sessions.backends import db

_KEY = re.compile(r"[a-z0-9]{32}")


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """Only what a key can look like is looked up.

        A quoted cookie may spell a NUL character, which PostgreSQL answers with an error.
        """
        return key is not None and _KEY.fullmatch(key) is not None
