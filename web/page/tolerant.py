"""Stored values as they are meant; a bad one degrades itself and nothing else. Pure."""

import re
from zoneinfo import ZoneInfo

from incidents.lifecycle import Family, Impact, IncidentStatus
from pages.status import Status

# Marks that turn the direction of all that follows them, on the page or in a headline.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def line(text: str) -> str:
    """A name that cannot turn the text around it."""
    return _TURNS.sub("", text)


def status(text: str) -> Status | None:
    try:
        return Status(text)
    except ValueError:
        return None


def stage(text: str) -> IncidentStatus:
    """An unknown stage counts as the first one: an incident is never closed by mistake."""
    try:
        return IncidentStatus(text)
    except ValueError:
        return IncidentStatus.INVESTIGATING


def impact(text: str, family: Family = Family.INCIDENT) -> Impact:
    """A maintenance without worse has the impact of maintenance."""
    try:
        found = Impact(text)
    except ValueError:
        found = Impact.NONE
    if family is Family.MAINTENANCE and found is Impact.NONE:
        return Impact.MAINTENANCE
    return found


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, malformed, or a folder of the database
        return ZoneInfo("UTC")
