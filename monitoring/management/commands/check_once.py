"""Checks every enabled monitor once: the form for cron, where no worker runs."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from monitoring.models import Monitor
from monitoring.outcome import Result
from monitoring.shift import run_once


class Command(BaseCommand):
    help = "Check every enabled monitor once, store the results and let the pages follow."

    def handle(self, *args: Any, **options: Any) -> None:
        results, undone = run_once(at=now())
        ids = {result.monitor_id for result in results} | {job.monitor_id for job in undone}
        names = {pk: str(monitor) for pk, monitor in Monitor.objects.in_bulk(ids).items()}
        for result in sorted(results, key=lambda result: names[result.monitor_id]):
            self.stdout.write(_line(names[result.monitor_id], result))
        for job in undone:
            self.stderr.write(f"not checked, for want of sockets: {names[job.monitor_id]}")
        self.stdout.write(f"{len(results)} checked")


def _line(name: str, result: Result) -> str:
    took = f"{result.response_ms} ms" if result.response_ms is not None else "-"
    said = str(result.status_code or "") or result.reason.label
    return f"{result.verdict:8} {took:>9}  {name}  {said}".rstrip()
