"""Links in mails that let one operator settle one draft without signing in.

The token is shown once, in the mail; what is stored is its digest. It acts as its operator, with
the roles of the moment, for as long as VALID. A draft is settled once, so a link acts once.
"""

from datetime import datetime, timedelta

from accounts.access import role_of
from accounts.models import User
from accounts.roles import Action, allows
from incidents.messages import draft_message
from incidents.models import DraftLink, Incident
from pages.models import Page
from subscribers import audience, outbox, tokens

VALID = timedelta(days=7)


def tell_operators(*, page: Page, incident: Incident, at: datetime) -> None:
    """Mails each operator of the page a link of their own to the draft."""
    message = draft_message(page=page, incident=incident, at=at)
    for operator in audience.operators(page.project).order_by("pk"):
        token = _issue(incident, operator, at=at)
        outbox.enqueue_for_operator(
            page=page, operator=operator, message=message, at=at, secret=token
        )


def find(token: str, *, at: datetime) -> DraftLink | None:
    """The link of `token`, with its draft, for whoever may still act on that.

    None where it is unknown or too old, or its operator has lost the right.
    """
    digest = tokens.digest(token)
    if digest is None:
        return None
    links = DraftLink.objects.select_related("user", "incident__page__project")
    link = links.filter(token_hash=digest, created_at__gt=at - VALID).first()
    if link is None:
        return None
    role = role_of(link.user, link.incident.page.project)
    return link if allows(role, Action.INCIDENT_PUBLISH) else None


def forget_old(*, at: datetime) -> int:
    """Deletes links that are valid no longer; returns how many."""
    deleted, _ = DraftLink.objects.filter(created_at__lte=at - VALID).delete()
    return deleted


def _issue(incident: Incident, operator: User, *, at: datetime) -> str:
    token = tokens.new()
    DraftLink.objects.create(
        incident=incident, user=operator, token_hash=tokens.digest(token), created_at=at
    )
    return token
