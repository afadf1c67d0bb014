"""What script/server says."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from statuspage.serve.options import USUAL_DATA_DIR


def welcome(said: Mapping[str, str], *, data_dir: Path) -> str:
    """The block that is printed once everything runs: where to look, how to get in, how to end.

    Commands are given so that they can be copied: with DATA_DIR where it is not the usual one.
    """
    where = "" if data_dir == USUAL_DATA_DIR else f"DATA_DIR={shlex.quote(str(data_dir))} "
    manage = f"{where}.venv/bin/python manage.py"
    lines = ["", "  Bellbuoy is running.", ""]
    if said["demo_url"]:
        lines.append(_line("Status page", said["demo_url"]))
    lines.append(_line("Dashboard", f"{said['main_url']}/status-pages"))
    lines.append(_line("Sign in as", said["owner_email"]))
    if said["password"]:
        lines.append(_line("Password", f"{said['password']}   (shown only now)"))
    lines.append("")
    if said["demo_url"]:
        lines.append(_line("Break it", f"{manage} demo_target down"))
        lines.append(_line("Mend it", f"{manage} demo_target up"))
    if said["mail_dir"]:
        lines.append(_line("Mails", f"{said['mail_dir']}   (no mail server is set)"))
    lines += [_line("Logs", str(data_dir / "logs")), "", "  Ctrl-C ends everything.", ""]
    return "\n".join(lines)


def _line(name: str, value: str) -> str:
    return f"  {name:<13}{value}"
