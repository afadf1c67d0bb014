"""Makes an API token for an account and prints it, the only time it is shown."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from accounts.actions import issue_token
from accounts.actor import COMMAND_LINE
from accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="command line", help="what the token is for")

    def handle(self, *args: Any, email: str, name: str, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"no active account has the address {email!r}")
        self.stdout.write(issue_token(user=user, name=name, actor=COMMAND_LINE, at=now()))
