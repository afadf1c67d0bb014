"""What tests of the JSON door look at."""

from typing import Any

from django.http import HttpResponse

from pages.models import Component


def made(response: HttpResponse) -> Any:
    """The JSON of something that was made."""
    assert response.status_code == 201, response.content
    return response.json()


def status_of(component: Component) -> str:
    component.refresh_from_db()
    return component.status
