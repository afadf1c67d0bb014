"""Which public document a path names, and the path of a document. Pure."""

import re
from dataclasses import dataclass
from uuid import UUID

_PAGE = r"/status/(?P<page>[a-z0-9-]{3,36})"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TREE = re.compile(
    rf"{_PAGE}(?:/incidents/(?P<incident>{_UUID})|/api/v2/(?P<json>status|summary)\.json)?/?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """`page_ref` is a subdomain or a page's id.

    `kind` is page, incident, status.json or summary.json; `argument` an incident's id.
    """

    page_ref: str
    kind: str
    argument: str = ""


def address_of(path: str) -> Address | None:
    """The address that `path` (without query) names; None when it names no public document."""
    match = _TREE.fullmatch(path)
    if match is None:
        return None
    if match["incident"]:
        return Address(match["page"], "incident", match["incident"])
    return Address(match["page"], f"{match['json']}.json" if match["json"] else "page")


def page_path(page_ref: str) -> str:
    return f"/status/{page_ref}"


def incident_path(page_ref: str, incident_id: UUID) -> str:
    return f"{page_path(page_ref)}/incidents/{incident_id}"


def summary_path(page_ref: str) -> str:
    return f"{page_path(page_ref)}/api/v2/summary.json"


def subscribe_path(page_ref: str) -> str:
    """Where the panel's form is posted."""
    return f"{page_path(page_ref)}/subscribe"
