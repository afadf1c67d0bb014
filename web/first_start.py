"""An empty installation gets an owner, and unless DEMO=0 a living demo page."""

import os
import secrets
from datetime import datetime
from typing import TypedDict

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.core.validators import validate_email

from accounts.actions import create_owner
from accounts.actor import SYSTEM
from accounts.models import Organization, User
from pages.models import Page
from web.demo.story import SUBDOMAIN

OWNER_EMAIL = "owner@example.com"
ORGANIZATION = "Home"


class Said(TypedDict):
    """`password` is empty unless it was made now; `demo_url` is empty without the demo."""

    owner_email: str
    password: str
    main_url: str
    demo_url: str
    mail_dir: str


def first_start(*, demo: bool, at: datetime) -> Said:
    """Safe to call at every start: what exists stays as it is."""
    password = "" if User.objects.exists() else _make_owner(at=at)
    if demo:
        call_command("seed_demo", verbosity=0)
    has_demo = demo and Page.objects.published().filter(subdomain=SUBDOMAIN).exists()
    return Said(
        owner_email=_owner_email(),
        password=password,
        main_url=settings.MAIN_URL,
        demo_url=f"{settings.MAIN_URL}/status/{SUBDOMAIN}" if has_demo else "",
        mail_dir="" if settings.EMAIL_URL else str(settings.MAIL_DIR),
    )


def _make_owner(*, at: datetime) -> str:
    """Returns the password when it was made up, nothing when OWNER_PASSWORD gave it."""
    email = os.environ.get("OWNER_EMAIL") or OWNER_EMAIL
    try:
        validate_email(email)
    except ValidationError:
        raise ImproperlyConfigured(f"OWNER_EMAIL={email!r} is no mail address") from None
    given = os.environ.get("OWNER_PASSWORD") or ""
    password = given or secrets.token_urlsafe(12)
    create_owner(email=email, password=password, organization=ORGANIZATION, actor=SYSTEM, at=at)
    return "" if given else password


def _owner_email() -> str:
    """The first owner: whom an operator of this machine would sign in as."""
    organization = Organization.objects.order_by("created_at").first()
    if organization is None:
        return ""
    membership = (
        organization.memberships.filter(is_owner=True)
        .select_related("user")
        .order_by("created_at")
        .first()
    )
    return membership.user.email if membership else ""
