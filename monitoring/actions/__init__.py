"""What operators do to monitors, and what checks do to everything else."""

from monitoring.actions.components import (
    add_component,
    delete_component,
    monitor_new_component,
)
from monitoring.actions.monitors import create_monitor, delete_monitor, update_monitor
from monitoring.actions.record import record_results

__all__ = [
    "add_component",
    "create_monitor",
    "delete_component",
    "delete_monitor",
    "monitor_new_component",
    "record_results",
    "update_monitor",
]
