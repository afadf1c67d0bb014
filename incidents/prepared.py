"""The templates a new page begins with. Pure data: words for people who have no time to write."""

from dataclasses import dataclass

from incidents.lifecycle import IncidentStatus

_SOON = "We will write again within 30 minutes."


@dataclass(frozen=True, slots=True)
class Prepared:
    """A template before it belongs to a page; `status` None leaves the stage as it is."""

    use: str
    name: str
    title: str
    body: str
    status: IncidentStatus | None


PREPARED = (
    Prepared(
        "opening",
        "Outage",
        "Outage: {components}",
        "Nobody can use {components} at the moment. What is not named here works as usual. "
        f"We are looking for the cause. {_SOON}",
        IncidentStatus.INVESTIGATING,
    ),
    Prepared(
        "opening",
        "Degraded performance",
        "Degraded performance: {components}",
        "Requests to {components} take longer than usual, and a few of them fail. What is not "
        f"named here works as usual. We are looking for the cause. {_SOON}",
        IncidentStatus.INVESTIGATING,
    ),
    Prepared(
        "opening",
        "Trouble at a provider",
        "Trouble at a provider: {components}",
        "Expect errors in {components}: a provider that we depend on has trouble. What is not "
        f"named here works as usual. We are in contact with the provider. {_SOON}",
        IncidentStatus.IDENTIFIED,
    ),
    Prepared(
        "update",
        "Cause found",
        "{title}",
        f"We have found the cause and are working on the repair. {_SOON}",
        IncidentStatus.IDENTIFIED,
    ),
    Prepared(
        "update",
        "Fix is in",
        "{title}",
        "The repair is in place since {time}. We are watching whether it holds.",
        IncidentStatus.MONITORING,
    ),
    Prepared(
        "update",
        "No news yet",
        "{title}",
        f"Nothing has changed since our last update. We are still working on it. {_SOON}",
        None,
    ),
    Prepared(
        "update",
        "Resolved",
        "{title}",
        "The trouble with {components} is over since {time}.",
        IncidentStatus.RESOLVED,
    ),
    Prepared(
        "maintenance",
        "Planned maintenance",
        "Planned maintenance: {components}",
        "We work on {components} from {starts} to {ends}. Expect short interruptions during that "
        "time. You need not do anything.",
        IncidentStatus.SCHEDULED,
    ),
)
