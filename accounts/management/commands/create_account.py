"""Makes an account and prints its password, the only time it is shown.

With --organization alone: an owner of a new organization of that name. With --role too:
a member of the existing organization's default project.
"""

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils.timezone import now

from accounts.actions import create_member, create_owner
from accounts.actor import COMMAND_LINE
from accounts.models import Project
from accounts.roles import Role


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument("--role", choices=list(Role))

    def handle(
        self, *args: Any, email: str, organization: str, role: str | None, **options: Any
    ) -> None:
        account = {"email": _checked(email), "password": secrets.token_urlsafe(12)}
        try:
            if role:
                create_member(
                    **account,
                    project=_default_project(organization),
                    role=Role(role),
                    actor=COMMAND_LINE,
                    at=now(),
                )
            else:
                create_owner(**account, organization=organization, actor=COMMAND_LINE, at=now())
        except IntegrityError:
            raise CommandError(f"{email!r} already has an account") from None
        self.stdout.write(account["password"])


def _checked(email: str) -> str:
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{email!r} is no email address") from None
    return email


def _default_project(organization: str) -> Project:
    found = list(Project.objects.filter(organization__name=organization, is_default=True))
    if len(found) != 1:
        raise CommandError(f"{len(found)} organizations are called {organization!r}")
    return found[0]
