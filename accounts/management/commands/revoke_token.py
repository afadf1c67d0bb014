"""Ends every live API token of an account, or those of one name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from accounts.actions import revoke_token
from accounts.actor import COMMAND_LINE
from accounts.models import ApiToken


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", help="only tokens made under this name")

    def handle(self, *args: Any, email: str, name: str | None, **options: Any) -> None:
        live = ApiToken.objects.filter(user__email=email.strip().lower(), revoked_at=None)
        found = live.filter(name=name) if name else live
        if not found:
            raise CommandError(f"no live token of {email!r} was found")
        for token in found:
            revoke_token(token=token, actor=COMMAND_LINE, at=now())
            self.stdout.write(f"Revoked {token.name!r}, made {token.created_at:%Y-%m-%d %H:%M}.")
