"""Sealing again, under the newest key, what an older one sealed."""

from collections.abc import Iterator

from django.db import connection, transaction

from subscribers import crypto
from subscribers.vault import Column

BATCH = 500


def count_outdated(column: Column) -> int:
    """How many values of the column are under another key than the newest."""
    with connection.cursor() as cursor:
        cursor.execute(_sql(_COUNT, column), [crypto.current_key()])
        (count,) = cursor.fetchone()
    return int(count)


def rotate(column: Column) -> Iterator[int]:
    """Seals one batch after the other again and yields the size of each.

    A value that cannot be read ends the rotation with crypto.UnreadableError: its key is
    missing from ENCRYPTION_KEYS.
    """
    while size := _rotate_batch(column):
        yield size


@transaction.atomic
def _rotate_batch(column: Column) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_sql(_PICK, column), [crypto.current_key(), BATCH])
        rows = cursor.fetchall()
        again = [
            (column.seal(column.unseal(sealed, row=row), row=row), row) for row, sealed in rows
        ]
        cursor.executemany(_sql(_WRITE, column), again)
    return len(rows)


def _sql(statement: str, column: Column) -> str:
    """Table and column are names of our own models, never input."""
    table = column.model._meta.db_table  # noqa: SLF001 (Django documents _meta as public)
    return statement.format(table=table, column=column.name)


_COUNT = "SELECT count(*) FROM {table} WHERE get_byte({column}, 0) <> %s"
_PICK = """
    SELECT id, {column} FROM {table} WHERE get_byte({column}, 0) <> %s
    ORDER BY id LIMIT %s FOR UPDATE
"""
_WRITE = "UPDATE {table} SET {column} = %s WHERE id = %s"
