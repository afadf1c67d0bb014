"""What script/server is told through the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
USUAL_DATA_DIR = BASE_DIR / "var"
# The demo's monitors look at this machine; elsewhere such targets are refused.
LOOPBACK = "127.0.0.0/8,::1/128"


class OptionError(ValueError):
    """A variable cannot be understood; the message names it and its value."""


@dataclass(frozen=True, slots=True)
class Options:
    host: str
    port: int
    web_workers: int
    data_dir: Path
    demo: bool
    mail_queue: str
    embedded_postgres: bool
    embedded_valkey: bool


def read_options(environment: Mapping[str, str] = os.environ) -> Options:
    return Options(
        host=environment.get("HOST") or "127.0.0.1",
        port=_number(environment, "PORT", default=8000, least=1, most=65535),
        web_workers=_number(environment, "WEB_WORKERS", default=1, least=1, most=64),
        data_dir=Path(environment.get("DATA_DIR") or USUAL_DATA_DIR).expanduser().resolve(),
        demo=_switch(environment, "DEMO", default=True),
        mail_queue=environment.get("SUBSCRIBER_EMAIL_QUEUE_NAME") or "status-page-emails",
        embedded_postgres=not environment.get("DATABASE_URL"),
        embedded_valkey=not environment.get("REDIS_URL"),
    )


def _number(
    environment: Mapping[str, str], name: str, *, default: int, least: int, most: int
) -> int:
    text = environment.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise OptionError(f"{name}={text!r} must be a number from {least} to {most}")
    return int(text)


def _switch(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = (environment.get(name) or str(int(default))).lower()
    if text not in {"0", "1", "true", "false"}:
        raise OptionError(f"{name}={text!r} must be 0 or 1")
    return text in {"1", "true"}
