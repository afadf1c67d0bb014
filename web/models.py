"""What the processes say of themselves, for /healthz."""

from django.db import models


class Heartbeat(models.Model):
    """The last sign of life of a process: `beat`, or `worker:<name>`."""

    name = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
