from pathlib import Path

from tests.processes import wait_until
from tests.web.edge.conftest import Webs


def test_killing_the_server_outright_leaves_no_worker(webs: Webs):
    web = webs.start()
    pid = web.process.pid
    workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    assert workers
    web.process.kill()
    web.process.wait()
    wait_until(lambda: not any(map(_lives, workers)), within=10, what="the end")


def _lives(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
