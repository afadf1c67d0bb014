"""Which mark and which hue a state has. Pure.

A mark is a symbol of `templates/public/marks.html`; a hue is a class of the style sheet.
"""

from typing import NamedTuple

from incidents.lifecycle import IncidentStatus
from pages.status import Status


class Look(NamedTuple):
    """`mark` names the symbol; `hue` the colour and pattern of lines; `words` stand beside it."""

    mark: str
    hue: str
    words: str


NO_DATA = Look("nodata", "no", "No data")

_STATES = {
    Status.OPERATIONAL: Look("operational", "op", Status.OPERATIONAL.label),
    Status.DEGRADED: Look("degraded", "de", Status.DEGRADED.label),
    Status.PARTIAL: Look("partial", "pa", Status.PARTIAL.label),
    Status.MAJOR: Look("major", "ma", Status.MAJOR.label),
    Status.MAINTENANCE: Look("maintenance", "mt", Status.MAINTENANCE.label),
}
_S = IncidentStatus
_STAGES = {
    stage: Look(mark, hue, stage.label)
    for stage, mark, hue in (
        (_S.INVESTIGATING, "investigating", "ma"),
        (_S.IDENTIFIED, "identified", "pa"),
        (_S.MONITORING, "monitoring", "de"),
        (_S.RESOLVED, "operational", "op"),
        (_S.SCHEDULED, "scheduled", "mt"),
        (_S.IN_PROGRESS, "maintenance", "mt"),
        (_S.VERIFYING, "monitoring", "de"),
        (_S.COMPLETED, "operational", "op"),
        (_S.CANCELLED, "cancelled", "no"),
    )
}


def look_of(status: Status | None) -> Look:
    return NO_DATA if status is None else _STATES[status]


def look_of_stage(stage: IncidentStatus) -> Look:
    return _STAGES.get(stage, NO_DATA)
