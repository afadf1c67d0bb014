"""What every screen of the dashboard shares: plate, alarm strip, tabs, toasts."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django_htmx.http import trigger_client_event

from accounts.models import Organization
from accounts.roles import Action
from pages.links import page_url
from web.dashboard.alarm import Alarm, alarm_for
from web.dashboard.desk import Desk
from web.dashboard.door import OperatorRequest
from web.dashboard.holds import held_for

PRODUCT = "Bellbuoy"


def show(
    request: OperatorRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A screen about no page in particular."""
    at = timezone.now()
    shared = {
        "at": at,
        "brand": _brand(request),
        "alarm": alarm_for(request.user, at),
        "held": held_for(request.user, at),
    }
    return render(request, f"dashboard/{template}", {**shared, **context}, status=status)


def show_page(
    desk: Desk, template: str, context: Mapping[str, Any], *, tab: str, status: int = 200
) -> HttpResponse:
    """A screen of one page, under its tabs, with times in the page's zone."""
    shared = {
        "brand": desk.page.organization.name,
        "alarm": _alarm_beside(desk),
        "held": held_for(desk.request.user, desk.at),
        "tab": tab,
        "public_url": page_url(desk.page),
        **desk_context(desk),
    }
    with timezone.override(ZoneInfo(desk.page.timezone)):
        return render(desk.request, f"dashboard/{template}", {**shared, **context}, status=status)


def show_fragment(
    desk: Desk, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """A part of a screen, for htmx; its template's name begins with an underscore."""
    with timezone.override(ZoneInfo(desk.page.timezone)):
        return render(
            desk.request, f"dashboard/{template}", {**desk_context(desk), **context}, status=status
        )


def desk_context(desk: Desk) -> dict[str, Any]:
    """`may.INCIDENT_CREATE` decides what a template offers; the actions decide what happens."""
    return {
        "page": desk.page,
        "at": desk.at,
        "may": {action.name: desk.permits(action) for action in Action},
    }


def done(request: OperatorRequest, text: str, url: str) -> HttpResponseRedirect:
    """Goes on to `url`, where a toast says `text`."""
    messages.success(request, text)
    return HttpResponseRedirect(url)


def failed(request: OperatorRequest, text: str, url: str) -> HttpResponseRedirect:
    messages.error(request, text)
    return HttpResponseRedirect(url)


def with_toast(response: HttpResponse, text: str, *, level: str = "success") -> HttpResponse:
    """A fragment that brings its toast along."""
    return trigger_client_event(response, "toast", {"text": text, "level": level})


def _alarm_beside(desk: Desk) -> Alarm | None:
    """The screen on which the alarm is being answered says the same in its head."""
    alarm = alarm_for(desk.request.user, desk.at)
    if alarm and not alarm.others and alarm.button_url == desk.request.path:
        return None
    return alarm


def _brand(request: OperatorRequest) -> str:
    """The organization's name, while there is only one."""
    names = Organization.objects.filter(projects__memberships__user=request.user) | (
        Organization.objects.filter(memberships__user=request.user)
    )
    found = list(names.distinct().values_list("name", flat=True)[:2])
    return found[0] if len(found) == 1 else PRODUCT
