"""What forms that post have in common: the hold, and where it goes on."""

from datetime import timedelta

from django.http import HttpResponse, HttpResponseRedirect

from incidents.models import IncidentUpdate
from web.dashboard.desk import Desk
from web.dashboard.shell import done


def hold_of(desk: Desk) -> timedelta:
    """How long news of this page waits for its author's second thoughts."""
    return timedelta(seconds=desk.page.hold_seconds)


def after_posting(desk: Desk, update: IncidentUpdate, *, text: str, url: str) -> HttpResponse:
    """Goes on to `url`. Where the plate stands there is no need for a toast."""
    if update.notification_id and desk.page.hold_seconds:
        return HttpResponseRedirect(url)
    return done(desk.request, text, url)
