"""What an operator may say of a page."""

import zoneinfo
from typing import Any

from django import forms

from accounts.models import Project
from pages.models import Page
from web.dashboard.fields import Line

NAME_LIMIT = 255
SUBDOMAIN_LIMIT = 36
LONGEST_WAIT_MIN = 1440
LONGEST_HOLD_S = 300


def zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(zoneinfo.available_timezones())]


class NewPageForm(forms.Form):
    name = Line(limit=NAME_LIMIT, label="Name", help_text="Visitors read it, such as Acme.")
    subdomain = Line(
        limit=SUBDOMAIN_LIMIT,
        label="Address",
        required=False,
        help_text="3 to 36 of a-z, 0-9 and -. Leave it empty for an address nobody can guess.",
    )
    timezone = forms.ChoiceField(choices=zones, initial="UTC", label="Time zone")

    def __init__(self, *args: Any, projects: list[Project], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["project"] = forms.ModelChoiceField(
            Project.objects.filter(pk__in=[project.pk for project in projects]),
            label="Project",
            empty_label=None,
            initial=projects[0],
            widget=forms.HiddenInput() if len(projects) == 1 else forms.Select(),
        )


class SettingsForm(forms.Form):
    name = Line(limit=NAME_LIMIT, label="Name")
    timezone = forms.ChoiceField(choices=zones, label="Time zone", help_text="Days begin here.")
    auto_publish_after = forms.IntegerField(
        label="Publish detected outages after",
        required=False,
        min_value=0,
        max_value=LONGEST_WAIT_MIN,
        help_text="Minutes a draft waits for you. 0 publishes at once, empty never.",
    )
    hold_seconds = forms.IntegerField(
        label="Hold what you post for",
        min_value=0,
        max_value=LONGEST_HOLD_S,
        help_text="Seconds in which you can take it back before anybody is told. 0 tells at once.",
    )
    auto_resolve = forms.BooleanField(
        label="Resolve detected incidents when all their checks succeed again",
        required=False,
        help_text="Else, and where a person had a hand in it, you are asked.",
    )
    notify_component_changes = forms.BooleanField(
        label="Tell subscribers when a component changes without an incident", required=False
    )

    @classmethod
    def of(cls, page: Page) -> "SettingsForm":
        return cls(initial={name: getattr(page, name) for name in cls.base_fields})
