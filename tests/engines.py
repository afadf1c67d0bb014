"""The suite runs on real engines of its own: one PostgreSQL and one Valkey per process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from statuspage.embedded import Postgres, Valkey


def _start_engines() -> None:
    """Before Django reads its settings; engines end with the process that started them."""
    folder = Path(tempfile.mkdtemp(prefix="bellbuoy-test-"))
    postgres, valkey = Postgres(folder, durable=False), Valkey(folder)

    def end() -> None:
        postgres.stop()
        valkey.stop()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    os.environ["DATA_DIR"] = str(folder / "data")
    os.environ["DATABASE_URL"] = postgres.start()
    os.environ["REDIS_URL"] = valkey.start()


_start_engines()
