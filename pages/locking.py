"""Waiting for pages only briefly: whoever holds one must not hold up what runs by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction

from pages.models import Page
from pages.versions import changing


@contextmanager
def changing_unless_held(*page_ids: UUID) -> Iterator[list[Page]]:
    """`changing`, which raises OperationalError when somebody else keeps a lock it needs."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout TO '250ms'")
        with changing(*page_ids) as pages:
            yield pages
