"""What can be set for a page."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.roles import Action
from pages import actions
from web.dashboard.desk import open_desk
from web.dashboard.door import OperatorRequest, operators_only
from web.dashboard.fields import refuse
from web.dashboard.page_forms import SettingsForm
from web.dashboard.shell import done, show_page


@operators_only
@require_http_methods(["GET", "POST"])
def page_settings(request: OperatorRequest, page_id: UUID) -> HttpResponse:
    needs = Action.PAGE_VIEW if request.method == "GET" else Action.PAGE_UPDATE
    desk = open_desk(request, page_id, needs=needs)
    form = SettingsForm(request.POST) if request.method == "POST" else SettingsForm.of(desk.page)
    if request.method == "POST" and form.is_valid():
        try:
            actions.update_page(page=desk.page, actor=desk.actor, at=desk.at, **form.cleaned_data)
        except actions.Invalid as refusal:
            refuse(form, refusal)
        else:
            return done(request, "Saved.", desk.url("settings"))
    return show_page(
        desk, "settings.html", {"form": form}, tab="settings", status=422 if form.errors else 200
    )
