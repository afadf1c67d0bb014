"""Which page a body is about, and what it says of whose status."""

from collections.abc import Mapping

from accounts.roles import Action
from incidents.lifecycle import STATUS_OF_IMPACT, Impact
from pages.actions import Invalid
from pages.models import Component, Page
from pages.status import Status
from web.api.auth import ActingRequest
from web.api.errors import renamed
from web.api.incident_bodies import NewIncident, NewUpdate
from web.api.lookup import page_of
from web.api.services import chosen, on_page, plain


def place_of(
    request: ActingRequest, action: Action, body: NewIncident
) -> tuple[Page, list[Component]]:
    """The page that `statusPageId` names, else the one its components lie on, and these."""
    references = [*body.component_ids, *body.components]
    if body.status_page_id is None:
        with renamed(serviceIds="componentIds"):
            return chosen(request, action, references)
    page = page_of(request, body.status_page_id, action)
    return page, on_page(request, action, page, references)


def opening_statuses(
    body: NewIncident, components: list[Component]
) -> tuple[dict[Component, Status], Impact | None]:
    """What it says of each component, and the impact that overrides theirs.

    `components` decides. What else is named has the status of the `impact`; without one it
    stays as it is. An `impact` that is no component's status is the incident's own.
    """
    said = _by_component(body.components, components)
    others = [component for component in components if component not in said]
    other = STATUS_OF_IMPACT[body.impact] if body.impact else Status.OPERATIONAL
    statuses = {component: status or Status.OPERATIONAL for component, status in said.items()}
    override = None if others else body.impact
    return statuses | dict.fromkeys(others, other), body.impact_override or override


def update_statuses(
    request: ActingRequest, action: Action, page: Page, body: NewUpdate
) -> dict[Component, Status]:
    """What an update says of each component; those that are only named are said nothing of."""
    references = [*body.component_ids, *body.components]
    said = _by_component(body.components, on_page(request, action, page, references))
    return {component: status for component, status in said.items() if status}


def _by_component(
    statuses: Mapping[str, Status | None], components: list[Component]
) -> dict[Component, Status | None]:
    known = {str(component.pk): component for component in components}
    known |= {component.slug: component for component in components}
    said = {known[plain(reference)]: status for reference, status in statuses.items()}
    if len(said) < len(statuses):
        raise Invalid("components", "A component stands here twice.")
    return said
