"""`manage.py seed_demo`: the demo page, once; later calls only aim its monitors again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from accounts.models import Project
from pages.models import Page
from web.demo import story
from web.demo.seed import aim_monitors, seed


class Command(BaseCommand):
    help = "Makes the demo page with 90 days of history and monitors that really check."

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        page = Page.objects.filter(subdomain=story.SUBDOMAIN).first()
        if page is None:
            page = seed(project=_project(), at=at)
        else:
            aim_monitors(project=page.project, at=at)
        if options["verbosity"]:
            self.stdout.write(f"The demo page is {page.subdomain}, {page.status}.")


def _project() -> Project:
    """The oldest organization's default project."""
    project = Project.objects.filter(is_default=True).order_by("created_at").first()
    if project is None:
        raise CommandError("There is no organization yet: start script/server once.")
    return project
