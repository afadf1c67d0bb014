"""What the demo tells: its components, what befell them, and the words of its incidents."""

from dataclasses import dataclass
from datetime import timedelta

from incidents.lifecycle import IncidentStatus
from pages.status import Status

NAME = "Demo"
SUBDOMAIN = "demo"
HISTORY = timedelta(days=96)
SUBSCRIBERS = ("ada@example.com", "grace@example.com")

# The component that watches this installation itself, and the one that can be switched off.
WEBSITE = "website"
CHECKOUT = "checkout"


@dataclass(frozen=True, slots=True)
class Part:
    """A component."""

    slug: str
    name: str
    description: str | None = None


GROUPS: tuple[tuple[str, tuple[Part, ...]], ...] = (
    (
        "Shop",
        (
            Part(WEBSITE, "Website", "This very installation: its web process is checked."),
            Part(CHECKOUT, "Checkout", "A small target that `manage.py demo_target` switches."),
            Part("search", "Search"),
        ),
    ),
    ("API", (Part("rest-api", "REST API"), Part("webhooks", "Webhooks"))),
    (
        "Behind the scenes",
        (
            Part("email", "E-mail"),
            Part("images", "Image delivery"),
            Part("reports", "Nightly reports"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the checks saw of a component, `before` the present."""

    slug: str
    before: timedelta
    lasted: timedelta
    status: Status


TROUBLES: tuple[Trouble, ...] = (
    Trouble("search", timedelta(days=83, hours=5), timedelta(minutes=41), Status.DEGRADED),
    Trouble("email", timedelta(days=71, hours=2), timedelta(hours=3), Status.DEGRADED),
    Trouble("images", timedelta(days=64, hours=9), timedelta(minutes=12), Status.MAJOR),
    Trouble("reports", timedelta(days=52, hours=20), timedelta(hours=7), Status.PARTIAL),
    Trouble("webhooks", timedelta(days=40, hours=13), timedelta(minutes=6), Status.MAJOR),
    Trouble("search", timedelta(days=33, hours=1), timedelta(minutes=95), Status.DEGRADED),
    Trouble("website", timedelta(days=21, hours=16), timedelta(minutes=4), Status.MAJOR),
    Trouble("images", timedelta(days=9, hours=3), timedelta(minutes=38), Status.PARTIAL),
)


@dataclass(frozen=True, slots=True)
class Told:
    """An update, `after` the incident began."""

    after: timedelta
    status: IncidentStatus
    body: str
    statuses: tuple[tuple[str, Status], ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A past incident; its first update opens it."""

    name: str
    before: timedelta
    updates: tuple[Told, ...]
    postmortem: str = ""


STORIES: tuple[Story, ...] = (
    Story(
        "Payments declined for some customers",
        timedelta(days=16, hours=7),
        (
            Told(
                timedelta(),
                IncidentStatus.INVESTIGATING,
                "Some card payments fail at the last step. Orders placed before are safe.",
                (("checkout", Status.PARTIAL), ("rest-api", Status.DEGRADED)),
            ),
            Told(
                timedelta(minutes=18),
                IncidentStatus.IDENTIFIED,
                "Our payment provider rejects every request of one of our two regions."
                " We are moving that traffic to the other one.",
                (("checkout", Status.MAJOR),),
            ),
            Told(
                timedelta(minutes=47),
                IncidentStatus.MONITORING,
                "All payments run through the healthy region and succeed."
                " We keep watching before we call it done.",
                (("checkout", Status.DEGRADED), ("rest-api", Status.OPERATIONAL)),
            ),
            Told(
                timedelta(minutes=92),
                IncidentStatus.RESOLVED,
                "Payments have worked for 45 minutes. Nobody was charged twice;"
                " declined orders can simply be placed again.",
            ),
        ),
        "**What happened.** For 92 minutes up to one card payment in three was declined at the"
        " last step. Orders already placed were safe, and nobody was charged twice.\n\n"
        "**Why.** Our payment provider changed the certificate of one of its two regions. We had"
        " pinned the old one, so every request to that region failed. The other region was well,"
        " but half of the traffic still went to the first.\n\n"
        "**What we changed**\n\n"
        "- Traffic leaves a region by itself after five failures in a row.\n"
        "- Certificates are no longer pinned by copy; the provider's own list is read every hour.\n"
        "- A declined payment now tells the customer that nothing was charged.\n",
    ),
    Story(
        "E-mails arrive late",
        timedelta(days=4, hours=11),
        (
            Told(
                timedelta(),
                IncidentStatus.INVESTIGATING,
                "Order confirmations take up to 20 minutes. None is lost.",
                (("email", Status.DEGRADED),),
            ),
            Told(
                timedelta(minutes=26),
                IncidentStatus.IDENTIFIED,
                "A large mailing held up the queue. Confirmations now have a queue of their own.",
            ),
            Told(
                timedelta(minutes=70),
                IncidentStatus.RESOLVED,
                "The backlog is sent and confirmations arrive within seconds again.",
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A maintenance that is over, `before` the present."""

    name: str
    body: str
    before: timedelta
    lasted: timedelta
    slugs: tuple[str, ...]
    closing: str


MAINTENANCE = Plan(
    name="Moving images to new storage",
    body="Images may load slowly while we copy them. Nothing needs to be done on your side.",
    before=timedelta(days=7, hours=4),
    lasted=timedelta(hours=2, minutes=10),
    slugs=("images",),
    closing="All images are served from the new storage.",
)


@dataclass(frozen=True, slots=True)
class Recurring:
    """A maintenance on a weekday of every week; `weekday` 0 is Monday, `clock` the wall time."""

    name: str
    body: str
    rule: str
    weekday: int
    clock: str
    minutes: int
    slugs: tuple[str, ...]


UPKEEP = Recurring(
    name="Database upkeep",
    body="Reports are not made during this time; those of the night follow in the morning.",
    rule="FREQ=WEEKLY;BYDAY=SU",
    weekday=6,
    clock="02:00",
    minutes=90,
    slugs=("reports",),
)
