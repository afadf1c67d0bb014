"""While news is held: taking it back, or sending it at once."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from accounts.roles import Action
from incidents.actions import Conflict, release_update, undo_update
from incidents.models import Incident, IncidentUpdate
from web.dashboard import taken_back
from web.dashboard.desk import Desk, open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.shell import done, failed


@operators_only
@require_POST
def update_undo(
    request: OperatorRequest, page_id: UUID, incident_id: UUID, update_id: UUID
) -> HttpResponse:
    """Leads back to the form, which begins with what was taken back."""
    desk = open_desk(request, page_id, needs=Action.UPDATE_UNDO)
    update = find_update(desk, incident_id, update_id, needs=Action.UPDATE_UNDO)
    incident = update.incident
    opened_it = not incident.updates.exclude(pk=update.pk).exists()
    taken_back.keep(request, update, of=desk.page.pk if opened_it else incident.pk)
    try:
        undo_update(update=update, actor=desk.actor, at=desk.at)
    except Conflict as conflict:
        taken_back.forget(request)
        return failed(request, str(conflict), story_url(desk, incident))
    return HttpResponseRedirect(
        f"{_form_url(desk, incident, opened_it=opened_it)}?{taken_back.MARK}=1"
    )


@operators_only
@require_POST
def update_release(
    request: OperatorRequest, page_id: UUID, incident_id: UUID, update_id: UUID
) -> HttpResponse:
    desk = open_desk(request, page_id, needs=Action.INCIDENT_UPDATE)
    update = find_update(desk, incident_id, update_id, needs=Action.INCIDENT_UPDATE)
    url = story_url(desk, update.incident)
    try:
        release_update(update=update, actor=desk.actor, at=desk.at)
    except Conflict as conflict:
        return failed(request, str(conflict), url)
    return done(request, "Sent.", url)


def find_update(desk: Desk, incident_id: UUID, update_id: UUID, *, needs: Action) -> IncidentUpdate:
    """An update of the page, of either family. Raises Http404."""
    updates = IncidentUpdate.objects.filter(incident=incident_id, incident__page=desk.page)
    rows = updates.select_related("incident__page__project", "created_by")
    return desk.find(rows, update_id, needs=needs)


def story_url(desk: Desk, incident: Incident) -> str:
    """The screen of the story, whichever family it is of."""
    return desk.url("maintenance" if incident.is_maintenance else "incident", incident.pk)


def _form_url(desk: Desk, incident: Incident, *, opened_it: bool) -> str:
    name = "maintenance" if incident.is_maintenance else "incident"
    if opened_it:
        return desk.url(f"{name}_new")
    name = "maintenance_update" if incident.is_maintenance else "update_new"
    return desk.url(name, incident.pk)
