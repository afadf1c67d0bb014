"""What a route is about, among what its caller may see. Missing and foreign are the same 404."""

import re
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from accounts.access import note_hidden
from accounts.roles import Action
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate
from pages.models import Page
from web.api.auth import ActingRequest

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_PAGE = re.compile(r"[a-z0-9-]{3,36}", re.IGNORECASE | re.ASCII)


def is_id(reference: str) -> bool:
    return _UUID.fullmatch(reference) is not None


def page_of(request: ActingRequest, reference: str, action: Action) -> Page:
    """The page whose id or subdomain is `reference`."""
    if not _PAGE.fullmatch(reference):
        raise Http404
    named = Q(subdomain=reference.lower())
    if is_id(reference):
        named |= Q(pk=UUID(reference))
    mine = Page.objects.visible_to(request.user).select_related("project")
    page = mine.filter(named).first()
    if page is None:
        note_hidden(request.auth, action, "page", reference)
        raise Http404
    return page


def incident_of(request: ActingRequest, incident_id: UUID, action: Action) -> Incident:
    mine = Incident.objects.visible_to(request.user).select_related("page__project")
    incident = mine.filter(pk=incident_id).first()
    if incident is None:
        note_hidden(request.auth, action, "incident", str(incident_id))
        raise Http404
    return incident


def update_of(
    request: ActingRequest, incident_id: UUID, update_id: UUID, action: Action
) -> IncidentUpdate:
    """An update of a story; the text of a draft is none yet."""
    incident = incident_of(request, incident_id, action)
    updates = incident.updates.exclude(status=IncidentStatus.DRAFT)
    update = updates.select_related("incident__page__project").filter(pk=update_id).first()
    if update is None:
        note_hidden(request.auth, action, "incidentupdate", str(update_id))
        raise Http404
    return update
