"""Who does something: a person, or a part of the product itself."""

from dataclasses import dataclass

from accounts.models import User

# As wide as the columns that keep it.
LABEL_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Actor:
    """`label` is what audit rows and timelines say; without a user it is the product itself."""

    label: str
    user: User | None = None

    @classmethod
    def of(cls, user: User, *, via: str = "") -> "Actor":
        """The actor for `user`; `via` names a token or another means than a session."""
        label = f"{user.email} ({via})" if via else user.email
        return cls(label=label[:LABEL_LIMIT], user=user)


SYSTEM = Actor("system")
MONITOR = Actor("monitor")
COMMAND_LINE = Actor("command line")
