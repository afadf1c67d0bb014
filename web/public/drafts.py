"""What an operator's link in a mail leads to: a draft, and two buttons that settle it.

No session, no cookie, nothing cached. GET and HEAD change nothing, because mail scanners
follow links. The token in the link is the proof; it acts as the operator it was sent to.
"""

from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.access import Refused
from accounts.actor import Actor
from incidents import draft_links
from incidents.actions import Conflict, dismiss_draft, publish_draft
from incidents.lifecycle import IncidentStatus
from incidents.models import DraftLink, Incident
from pages.links import incident_url, page_url
from pages.models import Page
from pages.status import Status
from web.page.prose import prose
from web.public.private import keep_private

_VERBS = {"publish": publish_draft, "dismiss": dismiss_draft}


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, token: str) -> HttpResponse:
    """One answer for tokens that are unknown, too old, or whose operator may not act any more."""
    at = now()
    link = draft_links.find(token, at=at)
    if link and request.method == "POST":
        _act(link, request.POST.get("act", ""), at)
        link = draft_links.find(token, at=at)
    if link is None:
        answer = render(None, "public/drafts/gone.html", status=HTTPStatus.NOT_FOUND)
    elif _waits(link.incident):
        answer = render(None, "public/drafts/draft.html", _context(link.incident))
    else:
        answer = render(None, "public/drafts/settled.html", _settled(link.incident))
    return keep_private(answer)


def _act(link: DraftLink, act: str, at: datetime) -> None:
    """What cannot be done any more is not: the answer shows what became of the draft."""
    verb = _VERBS.get(act)
    if verb is None:
        return
    try:
        verb(incident=link.incident, actor=Actor.of(link.user, via="mail link"), at=at)
    except (Conflict, Refused):
        return


def _waits(incident: Incident) -> bool:
    return Incident.objects.drafts().filter(pk=incident.pk).exists()


def _context(incident: Incident) -> dict[str, object]:
    page = incident.page
    text = incident.updates.order_by("created_at", "id").last()
    rows = incident.affected.select_related("component")
    return {
        "page_name": page.name,
        "page_url": page_url(page),
        "title": incident.name,
        "systems": [
            (row.component.name, Status(row.status).label)
            for row in rows.order_by("component__position", "component__name")
        ],
        "since": _clock(incident.started_at, page),
        "publishes_at": _clock(incident.publish_at, page) if incident.publish_at else "",
        "text": prose(text.body if text else ""),
    }


def _settled(incident: Incident) -> dict[str, object]:
    page = incident.page
    public = incident.status != IncidentStatus.DRAFT
    return {
        "page_name": page.name,
        "page_url": page_url(page),
        "title": incident.name,
        "fate": "published" if public else "dismissed" if incident.dismissed_at else "over",
        "incident_url": incident_url(page, incident.pk),
        "is_readable": public and page.status == Page.State.PUBLISHED,
    }


def _clock(moment: datetime, page: Page) -> str:
    return f"{moment.astimezone(ZoneInfo(page.timezone)):%H:%M} ({page.timezone})"
