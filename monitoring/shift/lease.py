"""The right to run checks in one of a fixed number of places, by PostgreSQL's clock."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection

# A process that dies is replaced after so long; a live one renews every second.
LEASE_S = 10


@dataclass(frozen=True, slots=True)
class Lease:
    place: int
    holder: UUID
    taken_at: datetime

    @classmethod
    def take(cls, *, places: int) -> "Lease | None":
        """The first free place; None when all are held.

        An end further away than a lease is long comes from a clock that was set back.
        """
        holder = uuid4()
        for place in range(places):
            taken_at = _first(_TAKE, place, holder)
            if taken_at is not None:
                return cls(place, holder, taken_at)
        return None

    def renew(self) -> datetime | None:
        """PostgreSQL's time; None when the lease has run out or is somebody else's."""
        return _first(_RENEW, self.place, self.holder)

    def release(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM monitoring_checklease WHERE place = %s AND holder = %s",
                [self.place, self.holder],
            )


def _first(statement: str, place: int, holder: UUID) -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"place": place, "holder": holder, "seconds": LEASE_S})
        row = cursor.fetchone()
    return row[0] if row else None


_TAKE = """
    INSERT INTO monitoring_checklease AS held (place, holder, until)
    VALUES (%(place)s, %(holder)s, now() + make_interval(secs => %(seconds)s))
    ON CONFLICT (place) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE held.until <= now() OR held.until > excluded.until
    RETURNING now()
"""
_RENEW = """
    UPDATE monitoring_checklease
    SET until = now() + make_interval(secs => %(seconds)s)
    WHERE place = %(place)s AND holder = %(holder)s AND until > now()
    RETURNING now()
"""
