"""The checks shift: a process that owns a place checks what is due until its time is up."""

from monitoring.shift.run import run_once, run_shift

__all__ = ["run_once", "run_shift"]
