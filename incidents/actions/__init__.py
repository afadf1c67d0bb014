"""What can be done to incidents and statuses, by people and by the monitor."""

from incidents.actions.draft import dismiss_draft, publish_draft, publish_due_drafts
from incidents.actions.incident import open_incident, post_update
from incidents.actions.status import StatusAnswer, expire_pins, set_component_status
from pages.actions import Conflict, Invalid

__all__ = [
    "Conflict",
    "Invalid",
    "StatusAnswer",
    "dismiss_draft",
    "expire_pins",
    "open_incident",
    "post_update",
    "publish_draft",
    "publish_due_drafts",
    "set_component_status",
]
