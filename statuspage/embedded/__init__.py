"""PostgreSQL and Valkey from wheels, for a machine that has neither."""

from statuspage.embedded.postgres import Postgres
from statuspage.embedded.valkey import Valkey

__all__ = ["Postgres", "Valkey"]
