"""`manage.py demo_target up|down`: breaks the demo page and mends it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.timezone import now

from pages.models import Page
from web.demo import story, target
from web.demo.seed import INTERVAL_S, aim_monitors


class Command(BaseCommand):
    help = "Switches the demo's target, or (serve) runs it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["up", "down", "serve"])

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "serve":
            self._serve()
            return
        target.switch(up=what == "up")
        self.stdout.write(
            f"The demo's target is {what}. Within {INTERVAL_S} seconds the page follows:\n"
            f"{settings.MAIN_URL}/status/{story.SUBDOMAIN}"
        )

    def _serve(self) -> None:
        with target.listen() as server:
            page = Page.objects.select_related("project").filter(subdomain=story.SUBDOMAIN).first()
            if page:
                aim_monitors(project=page.project, at=now())
            server.serve_forever()
