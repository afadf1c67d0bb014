"""Addresses of what visitors see. Built from the main host's URL, never from a request."""

from uuid import UUID

from django.conf import settings

from pages.models import Page


def page_url(page: Page) -> str:
    return f"{settings.MAIN_URL}/status/{page.subdomain}"


def incident_url(page: Page, incident_id: UUID) -> str:
    return f"{page_url(page)}/incidents/{incident_id}"


def short_url(code: str) -> str:
    """Leads to an incident, whatever its page is called later."""
    return f"{settings.MAIN_URL}/i/{code}"


def calendar_url(page: Page) -> str:
    """All its maintenances, for calendar programs."""
    return f"{page_url(page)}/maintenance.ics"
