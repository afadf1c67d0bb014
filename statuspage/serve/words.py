"""What script/server says."""

from collections.abc import Mapping
from pathlib import Path


def welcome(said: Mapping[str, str], *, logs: Path) -> str:
    """The block that is printed once everything runs: where to look, how to get in, how to end."""
    lines = ["", "  Bellbuoy is running.", ""]
    if said["demo_url"]:
        lines.append(_line("Status page", said["demo_url"]))
    lines.append(_line("Dashboard", f"{said['main_url']}/status-pages"))
    lines.append(_line("Sign in as", said["owner_email"]))
    if said["password"]:
        lines.append(_line("Password", f"{said['password']}   (shown only now)"))
    lines.append("")
    if said["demo_url"]:
        lines.append(_line("Break it", ".venv/bin/python manage.py demo_target down"))
        lines.append(_line("Mend it", ".venv/bin/python manage.py demo_target up"))
    if said["mail_dir"]:
        lines.append(_line("Mails", f"{said['mail_dir']}   (no mail server is set)"))
    lines += [_line("Logs", str(logs)), "", "  Ctrl-C ends everything.", ""]
    return "\n".join(lines)


def _line(name: str, value: str) -> str:
    return f"  {name:<13}{value}"
