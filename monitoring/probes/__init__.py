"""HTTP checks over the network: many at once, none able to cost more than its deadline."""

from monitoring.probes.job import Job
from monitoring.probes.loop import Probes

__all__ = ["Job", "Probes"]
