"""How an engine's process is started: unprivileged, and never outliving its starter."""

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

# Linux refuses longer socket paths; ".s.PGSQL.5432" and a separator must still fit.
SOCKET_PATH_LIMIT = 107
NOBODY = 65534


class EngineError(RuntimeError):
    """An engine could not be started; the message says what to do."""


def binary(name: str, bundled: Path | None) -> Path:
    """The path of `name`: the one on PATH, else the bundled one."""
    found = shutil.which(name)
    if found:
        return Path(found)
    if bundled is not None and bundled.exists():
        return bundled
    raise EngineError(f"{name} is neither on PATH nor among the installed packages")


def socket_dir(data_dir: Path, longest_name: str) -> Path:
    """A private folder for unix sockets, in `data_dir` where the path is short enough."""
    near = data_dir / "run"
    if len(os.fsencode(near / longest_name)) <= SOCKET_PATH_LIMIT:
        near.mkdir(parents=True, exist_ok=True)
        return near
    mark = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    far = Path(tempfile.gettempdir()) / f"bellbuoy-{os.geteuid()}-{mark}"
    far.mkdir(mode=0o755, exist_ok=True)
    found = far.lstat()
    if found.st_uid != os.geteuid() or not stat.S_ISDIR(found.st_mode):
        raise EngineError(f"{far} belongs to somebody else; set TMPDIR to a folder of your own")
    return far


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
