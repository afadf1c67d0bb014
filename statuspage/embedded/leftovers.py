"""Ends what an earlier start left running when it was killed (Linux: found through /proc).

An engine stands in its data folder, so name and working directory tell whose it is, also
where its number was given to another process meanwhile.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from statuspage.embedded.process import EngineError

GENTLE_S = 15
FIRM_S = 5


def end_leftovers(folder: Path, *, names: frozenset[str], first: signal.Signals) -> None:
    """Sends `first` to the processes of these names in `folder`, SIGKILL to those that stay.

    Call it only under the lock of DATA_DIR: whatever runs there then has no owner.
    """
    for signum, patience_s in ((first, GENTLE_S), (signal.SIGKILL, FIRM_S)):
        for pid in _left(folder, names):
            with suppress(ProcessLookupError):
                os.kill(pid, signum)
        deadline = time.monotonic() + patience_s
        while (found := _left(folder, names)) and time.monotonic() < deadline:
            time.sleep(0.05)
        if not found:
            return
    raise EngineError(f"process {found[0]} still uses {folder} and cannot be ended")


def _left(folder: Path, names: frozenset[str]) -> list[int]:
    wanted = folder.resolve()
    return [
        int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _is_one(entry, wanted, names)
    ]


def _is_one(entry: Path, folder: Path, names: frozenset[str]) -> bool:
    try:
        name = (entry / "comm").read_text().strip()
        return name in names and (entry / "cwd").readlink() == folder
    except OSError:
        return False
