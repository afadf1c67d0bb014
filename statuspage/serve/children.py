"""The product's processes: what each is called and how it is started."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

# One connection for each of a web process's Django threads.
DATABASE_POOL_SIZE = 8


@dataclass(frozen=True, slots=True)
class Child:
    """A process of the product. `grace_s` is how long it may take to end when asked to."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    grace_s: float = 10


def web() -> Child:
    """Listens on HOST and PORT; see statuspage.serve.web."""
    return Child(
        name="web",
        command=(sys.executable, "-m", "statuspage.serve.web"),
        environment={"DATABASE_POOL_SIZE": str(DATABASE_POOL_SIZE)},
    )


def worker(name: str, *, queue: str, grace_s: float = 10) -> Child:
    """One Celery process that does one thing at a time; its queue keeps it from waiting."""
    return Child(
        name=name,
        command=(
            *(sys.executable, "-m", "celery", "--app", "statuspage", "--quiet", "worker"),
            *("--queues", queue, "--pool", "solo", "--hostname", f"{name}@%h"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        grace_s=grace_s,
    )


def workers(*, mail_queue: str) -> tuple[Child, ...]:
    """A worker a queue: a shift of checks lasts a minute and must hold up neither mail nor ticks.

    A shift leaves nothing half done, so its worker need not be waited for.
    """
    return (
        worker("checks", queue="checks", grace_s=2),
        worker("mail", queue=mail_queue),
        worker("default", queue="default"),
    )


def beat() -> Child:
    return Child(
        name="beat",
        command=(
            *(sys.executable, "-m", "celery", "--app", "statuspage", "--quiet"),
            *("beat", "--pidfile", ""),
        ),
    )


def demo_target() -> Child:
    return Child(name="demo", command=(sys.executable, "manage.py", "demo_target", "serve"))
