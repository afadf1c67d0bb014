"""Who does something: a person, or a part of the product itself."""

from dataclasses import dataclass

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    """`label` is what audit rows and timelines say; without a user it is the product itself."""

    label: str
    user: User | None = None

    @classmethod
    def of(cls, user: User, *, via: str = "") -> "Actor":
        """The actor for `user`; `via` names a token or another means than a session."""
        return cls(label=f"{user.email} ({via})" if via else user.email, user=user)


SYSTEM = Actor("system")
MONITOR = Actor("monitor")
