"""`python -m bench NAME [OPTIONS]`: a table, then as last line `NAME RATIO of REFERENCE`."""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from statuspage.embedded import Postgres, Valkey

# Modules that are no bench.
SHARED = {"serving", "timing"}


def main() -> int:
    names = {path.stem for path in Path(__file__).parent.glob("[a-z]*.py")} - SHARED
    parser = argparse.ArgumentParser(prog="script/bench")
    parser.add_argument("name", choices=sorted(names))
    arguments, options = parser.parse_known_args()
    name = arguments.name
    with ExitStack() as ended_after:
        folder = Path(ended_after.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        _start_engines(folder, ended_after)
        django.setup()
        call_command("migrate", verbosity=0)
        outcome = import_module(f"bench.{name}").run(*options)
    print(*outcome.lines, sep="\n")
    if not outcome.passed:
        print(f"below the gate of {outcome.gate}")
    print(f"{outcome.name} {outcome.ratio:.3f} of {outcome.reference}")
    return 0 if outcome.passed else 1


def _start_engines(folder: Path, ended_after: ExitStack) -> None:
    """Durable ones, as in production; the settings find them through the environment."""
    postgres, valkey = Postgres(folder), Valkey(folder)
    ended_after.callback(postgres.stop)
    ended_after.callback(valkey.stop)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "statuspage.settings",
        "DATA_DIR": str(folder / "data"),
        "DATABASE_URL": postgres.start(),
        "REDIS_URL": valkey.start(),
    }


if __name__ == "__main__":
    sys.exit(main())
