"""Short names of incidents."""

import secrets

# Nothing that looks like something else when it is read out (Crockford's Base32).
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10


def new_code() -> str:
    """Fifty random bits: nobody guesses one, and no two meet."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
