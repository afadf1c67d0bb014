"""What is asked of incidents and maintenances."""

from collections.abc import Collection

from pydantic import AliasChoices, Field, model_validator
from pydantic.alias_generators import to_camel

from incidents.models import default_reminders
from pages.actions import Invalid
from web.api.fields import Input, Reference, References, Severity, Text, Title
from web.api.story_fields import ComponentStatuses, Intervals, Metadata, Moment, StoryStatus

COMPONENT_IDS = AliasChoices("componentIds", "component_ids", "serviceIds", "services")
IMPACT = AliasChoices("impact", "severity")
BODY = AliasChoices("body", "message")


class Scheduling(Input):
    """Times without an offset are what clocks on the page show."""

    scheduled_for: Moment | None = None
    scheduled_until: Moment | None = None
    scheduled_remind_prior: bool = True
    remind_before: list[int] = Field(default_factory=default_reminders, max_length=10)
    scheduled_auto_in_progress: bool = True
    scheduled_auto_completed: bool = True
    auto_transition_to_maintenance_state: bool = True
    auto_transition_to_operational_state: bool = True
    auto_transition_deliver_notifications_at_start: bool = True
    auto_transition_deliver_notifications_at_end: bool = True


class NewIncident(Scheduling):
    status_page_id: Reference | None = None
    name: Title
    body: Text = Field("", validation_alias=BODY)
    status: StoryStatus | None = None
    impact: Severity | None = Field(None, validation_alias=IMPACT)
    impact_override: Severity | None = None
    component_ids: References = Field(default_factory=list, validation_alias=COMPONENT_IDS)
    components: ComponentStatuses
    deliver_notifications: bool = True
    metadata: Metadata = Field(default_factory=dict)
    next_update_by: Moment | None = None
    reminder_intervals: Intervals | None = None
    reminder_unit: str = "hours"
    backfilled: bool = False
    backfill_date: Moment | None = None
    resolved_at: Moment | None = None
    closing: Text = ""


class NewUpdate(Input):
    """At least a text, a status or components."""

    body: Text = Field("", validation_alias=BODY)
    status: StoryStatus | None = None
    component_ids: References = Field(default_factory=list, validation_alias=COMPONENT_IDS)
    components: ComponentStatuses
    display_at: Moment | None = None
    next_update_by: Moment | None = None
    deliver_notifications: bool = True
    reopen: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.model_fields_set & {"body", "status", "components", "component_ids"})


class IncidentPatch(NewUpdate):
    name: Title | None = None
    impact_override: Severity | None = None
    metadata: Metadata | None = None
    reminder_intervals: Intervals | None = None
    reminder_unit: str | None = None
    scheduled_for: Moment | None = None
    scheduled_until: Moment | None = None

    @model_validator(mode="after")
    def _nulls(self) -> "IncidentPatch":
        """Only an override can be taken away."""
        for name in sorted(self.model_fields_set - {"impact_override"}):
            if getattr(self, name) is None:
                raise ValueError(f"{to_camel(name)} must not be null.")
        return self


class UpdatePatch(Input):
    body: Text = Field(validation_alias=BODY)


def refuse_others(body: Input, takes: Collection[str], *, what: str) -> None:
    """Raises Invalid for a field beside `takes` that would be without effect."""
    refuse(body, body.model_fields_set.difference(takes), what=what)


def refuse(body: Input, names: Collection[str], *, what: str) -> None:
    """Raises Invalid for one of `names`; what has its default is no matter."""
    fields = type(body).model_fields
    for name in sorted(body.model_fields_set.intersection(names)):
        if getattr(body, name) != fields[name].get_default(call_default_factory=True):
            raise Invalid(name, f"{what} does not take this.")
