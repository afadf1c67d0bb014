"""Which public document a path names, and the path of a document. Pure."""

import re
from dataclasses import dataclass
from uuid import UUID

from web.page.months import Month

PAGE = "[a-z0-9-]{3,36}"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_MONTH = r"20\d\d-(?:0[1-9]|1[0-2])"
_ENDPOINT = (
    r"(?:status|components|summary|incidents(?:/unresolved)?"
    r"|scheduled-maintenances(?:/(?:upcoming|active))?)\.json"
)
# What lies below a page, for the routes too.
DOCUMENTS = (
    rf"(?:incidents/(?P<incident>{_UUID})(?P<event>\.ics)?"
    rf"|api/v2/(?P<json>{_ENDPOINT})"
    r"|(?P<calendar>maintenance\.ics)"
    rf"|(?P<history>history)(?:/(?P<month>{_MONTH}))?(?:/(?P<tab>incidents|maintenance))?"
    rf"|(?P<archive>history/archive)(?:/(?P<archived>{_MONTH}))?)"
)
_TREE = re.compile(rf"/status/(?P<page>{PAGE})(?:/{DOCUMENTS})?/?")
_KINDS = ("event", "incident", "calendar", "history", "archive")


@dataclass(frozen=True, slots=True)
class Address:
    """`page_ref` is a subdomain or a page's id.

    `kind` is page, incident, event, calendar, history, archive or an endpoint of API v2;
    `argument` an incident's id or a month such as 2026-10; `tab` a part of the history.
    """

    page_ref: str
    kind: str
    argument: str = ""
    tab: str = ""


def address_of(path: str) -> Address | None:
    """The address that `path` (without query) names; None when it names no public document."""
    match = _TREE.fullmatch(path)
    if match is None:
        return None
    kind = match["json"] or next((kind for kind in _KINDS if match[kind]), "page")
    argument = match["incident"] or match["month"] or match["archived"] or ""
    return Address(match["page"], kind, argument, match["tab"] or "")


def page_path(page_ref: str) -> str:
    return f"/status/{page_ref}"


def incident_path(page_ref: str, incident_id: UUID) -> str:
    return f"{page_path(page_ref)}/incidents/{incident_id}"


def event_path(page_ref: str, maintenance_id: UUID) -> str:
    """One maintenance as a calendar."""
    return f"{incident_path(page_ref, maintenance_id)}.ics"


def calendar_path(page_ref: str) -> str:
    """All maintenances as a calendar."""
    return f"{page_path(page_ref)}/maintenance.ics"


def history_path(page_ref: str, month: Month | None = None, tab: str = "") -> str:
    parts = [page_path(page_ref), "history", str(month) if month else "", tab]
    return "/".join(part for part in parts if part)


def archive_path(page_ref: str, month: Month | None = None) -> str:
    path = f"{page_path(page_ref)}/history/archive"
    return f"{path}/{month}" if month else path


def summary_path(page_ref: str) -> str:
    return f"{page_path(page_ref)}/api/v2/summary.json"


def subscribe_path(page_ref: str) -> str:
    """Where the panel's form is posted."""
    return f"{page_path(page_ref)}/subscribe"
