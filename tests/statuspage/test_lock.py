import os
import subprocess
import sys

import pytest

from statuspage.serve.lock import AlreadyRunningError, lock


def test_a_second_start_is_refused_and_told_who_runs(tmp_path):
    held = lock(tmp_path)
    with pytest.raises(AlreadyRunningError, match=f"already running .*process {os.getpid()}"):
        lock(tmp_path)
    os.close(held)
    os.close(lock(tmp_path))


def test_a_killed_process_leaves_no_lock(tmp_path):
    program = (
        "import os, sys, pathlib; from statuspage.serve.lock import lock;"
        "lock(pathlib.Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    os.close(lock(tmp_path))
