"""A new page and what incidents need on it."""

from datetime import datetime

from django.db import transaction

from accounts.access import require
from accounts.actor import Actor
from accounts.models import Project
from accounts.roles import Action
from incidents.templates import give_defaults
from pages.actions import create_page
from pages.models import Page


def add_page(
    *,
    project: Project,
    name: str,
    actor: Actor,
    at: datetime,
    subdomain: str = "",
    timezone: str = "UTC",
    auto_publish_after: int | None = 5,
) -> Page:
    """Makes a draft page, see `pages.actions.create_page`, with the default templates.

    Raises Refused or Invalid.
    """
    require(actor, Action.PAGE_CREATE, project)
    with transaction.atomic():
        page = create_page(
            project=project,
            name=name,
            actor=actor,
            at=at,
            subdomain=subdomain,
            timezone=timezone,
            auto_publish_after=auto_publish_after,
        )
        give_defaults(page, at=at)
    return page
