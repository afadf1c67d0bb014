"""Rows of one page that PostgreSQL refuses, as it does when a statement takes too long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from pages.models import Page

_REFUSE = """
    CREATE FUNCTION refuse_rows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.page_id = '{page}' THEN
            RAISE EXCEPTION USING ERRCODE = 'query_canceled', MESSAGE = 'refused for a test';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER refuse_rows BEFORE INSERT ON {table}
    FOR EACH ROW EXECUTE FUNCTION refuse_rows();
"""


@contextmanager
def refused_rows(table: str, page: Page) -> Iterator[None]:
    """No row of `page` can be added to `table` within the block."""
    _run(_REFUSE.format(table=table, page=page.pk))
    try:
        yield
    finally:
        _run("SET CONSTRAINTS ALL IMMEDIATE; DROP FUNCTION refuse_rows CASCADE")


def _run(statements: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statements)
