"""Before the first request: tables, static files, and once an owner and the demo."""

import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils.timezone import now

from web.first_start import first_start

# Two machines that start at once on one database prepare it one after the other.
LOCK_NUMBER = 7_305_144_821


class Command(BaseCommand):
    help = "Prepares an installation for its start; prints what to tell the operator as JSON."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demo", action="store_true", help="make the demo page as well")

    def handle(self, *args: Any, demo: bool, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK_NUMBER])
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write(json.dumps(first_start(demo=demo, at=now())))
