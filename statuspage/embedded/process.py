"""How an engine's process is started: unprivileged, and never outliving its starter."""

import hashlib
import os
import shutil
import signal
import stat
import tempfile
from pathlib import Path

# Linux refuses longer socket paths; ".s.PGSQL.5432" and a separator must still fit.
SOCKET_PATH_LIMIT = 107
NOBODY = 65534


class EngineError(RuntimeError):
    """An engine could not be started; the message says what to do."""


def binary(*names: str, bundled: Path | None) -> Path:
    """The bundled program, whose version is pinned, else the first of `names` on PATH."""
    if bundled is not None and bundled.exists():
        return bundled
    for name in names:
        if found := shutil.which(name):
            return Path(found)
    raise EngineError(f"{names[0]} is neither among the installed packages nor on PATH")


def socket_dir(data_dir: Path, longest_name: str) -> Path:
    """A private folder for unix sockets, in `data_dir` where the path is short enough."""
    folder = data_dir / "run"
    if len(os.fsencode(folder / longest_name)) > SOCKET_PATH_LIMIT:
        mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"bellbuoy-{os.geteuid()}-{mark}"
    folder.mkdir(parents=True, exist_ok=True)
    found = folder.lstat()
    ours = {os.geteuid(), NOBODY} if os.geteuid() == 0 else {os.geteuid()}
    if found.st_uid not in ours or not stat.S_ISDIR(found.st_mode):
        raise EngineError(f"{folder} belongs to somebody else; set TMPDIR to a folder of your own")
    folder.chmod(0o700)
    return folder


def ending_with_us(command: list[str], end_by: signal.Signals) -> list[str]:
    """`command`, sent `end_by` by the kernel when its starter dies, `kill -9` included.

    Needs setpriv (util-linux); without it the next start ends what was left behind.
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", end_by.name[3:], "--", *command] if setpriv else command


def unprivileged(command: list[str]) -> list[str]:
    """`command`, changed so that root runs it as nobody: PostgreSQL refuses to run as root.

    The capability lets nobody pass folders that only root may enter, such as /root.
    """
    if os.geteuid() != 0:
        return command
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise EngineError(
            "PostgreSQL refuses to run as root and setpriv (util-linux) is missing: "
            "run as a normal user, or set DATABASE_URL"
        )
    drop = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    pass_through = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return [setpriv, *drop, *pass_through, "--", *command]


def give_to_unprivileged(folder: Path) -> None:
    """Hands `folder` to the user that `unprivileged` runs commands as."""
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
