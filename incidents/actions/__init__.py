"""What can be done to incidents and statuses, by people and by the monitor."""

from incidents.actions.backfill import backfill_incident
from incidents.actions.draft import (
    dismiss_draft,
    publish_draft,
    rewrite_draft,
    write_draft,
)
from incidents.actions.draft_due import publish_due_drafts
from incidents.actions.incident import open_incident, post_update
from incidents.actions.maintenance import (
    cancel_maintenance,
    extend,
    reschedule,
    schedule_maintenance,
)
from incidents.actions.maintenance_due import run_due_maintenance
from incidents.actions.maintenance_now import finish_early, start_now
from incidents.actions.maintenance_plan import change_plan
from incidents.actions.new_page import add_page
from incidents.actions.postmortem import (
    ignore_postmortem,
    publish_postmortem,
    revert_postmortem,
    save_postmortem,
)
from incidents.actions.series import create_series, update_series
from incidents.actions.series_due import make_occurrences
from incidents.actions.series_ending import end_series, skip_occurrence
from incidents.actions.settings import update_incident
from incidents.actions.status import StatusAnswer, expire_pins, set_component_status
from incidents.actions.templates import create_template, delete_template, update_template
from incidents.actions.updates import (
    delete_incident,
    delete_update,
    edit_update,
    release_update,
    show_due_updates,
    undo_update,
)
from incidents.once import Repeated
from pages.actions import Conflict, Invalid

__all__ = [
    "Conflict",
    "Invalid",
    "Repeated",
    "StatusAnswer",
    "add_page",
    "backfill_incident",
    "cancel_maintenance",
    "change_plan",
    "create_series",
    "create_template",
    "delete_incident",
    "delete_template",
    "delete_update",
    "dismiss_draft",
    "edit_update",
    "end_series",
    "expire_pins",
    "extend",
    "finish_early",
    "ignore_postmortem",
    "make_occurrences",
    "open_incident",
    "post_update",
    "publish_draft",
    "publish_due_drafts",
    "publish_postmortem",
    "release_update",
    "reschedule",
    "revert_postmortem",
    "rewrite_draft",
    "run_due_maintenance",
    "save_postmortem",
    "schedule_maintenance",
    "set_component_status",
    "show_due_updates",
    "skip_occurrence",
    "start_now",
    "undo_update",
    "update_incident",
    "update_series",
    "update_template",
    "write_draft",
]
