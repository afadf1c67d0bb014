"""The suite runs on real engines of its own: one PostgreSQL and one Valkey per test process."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from statuspage.embedded import Postgres, Valkey

MAIN_DOMAIN = "localhost:8000"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Before Django reads its settings; the controller of parallel runs has no database."""
    folder = Path(tempfile.mkdtemp(prefix="bellbuoy-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["DATA_DIR"] = str(folder / "data")
    os.environ["STATUS_PAGE_DOMAIN"] = MAIN_DOMAIN
    # WhiteNoise warns where the folder is missing.
    (folder / "data" / "static").mkdir(parents=True)
    parallel = getattr(early_config.known_args_namespace, "numprocesses", None)
    if "PYTEST_XDIST_WORKER" in os.environ or not parallel:
        _start_engines(folder)


def _start_engines(folder: Path) -> None:
    postgres, valkey = Postgres(folder, durable=False), Valkey(folder)
    atexit.register(postgres.stop)
    atexit.register(valkey.stop)
    os.environ["DATABASE_URL"] = postgres.start()
    os.environ["REDIS_URL"] = valkey.start()
