"""What the head of the public page will say once a form is posted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from incidents.lifecycle import OPEN, RUNNING, Impact, IncidentStatus, impact_of, worst_impact
from incidents.models import Incident
from pages.models import Component, Page, StatusClaim
from pages.sources import incident_source
from pages.status import Status, effective
from web.page.facts import AffectedFacts, IncidentFacts
from web.page.headline import headline
from web.page.incident_facts import incident_facts, shown_stories
from web.page.page_facts import component_facts


def headline_after(
    page: Page,
    incident: Incident,
    *,
    status: IncidentStatus,
    said: Mapping[Component, Status],
    at: datetime,
) -> str:
    """The sentence, were `incident` (stored or not) to say this of its components.

    Its end says nothing of any. Three queries, and those of the stories that go on.
    """
    goes_on = status in OPEN
    said = said if goes_on else {}
    claimed = _claims(page, besides=incident_source(incident.pk))
    new = {component.pk: StatusClaim(source="form", status=said[component]) for component in said}
    components = []
    for facts in component_facts(page, {}):
        claims = [*claimed.get(facts.id, []), *([new[facts.id]] if facts.id in new else [])]
        components.append(replace(facts, status=effective(claims, at)[0]))
    stories = shown_stories(page).filter(status__in=OPEN | RUNNING).exclude(pk=incident.pk)
    current = list(incident_facts(stories.order_by("-started_at", "-id"), page=page))
    if goes_on:
        current.insert(0, _story(incident, status, said, at))
    return headline(components, current).text


def _claims(page: Page, *, besides: str) -> dict[object, list[StatusClaim]]:
    found: dict[object, list[StatusClaim]] = {}
    live = StatusClaim.objects.live().filter(component__page=page).exclude(source=besides)
    for claim in live:
        found.setdefault(claim.component_id, []).append(claim)
    return found


def _story(
    incident: Incident, status: IncidentStatus, said: Mapping[Component, Status], at: datetime
) -> IncidentFacts:
    """As much of it as the head asks for."""
    impact = worst_impact([Impact(incident.impact), impact_of(said.values())])
    return IncidentFacts(
        id=incident.pk,
        url="",
        shortlink="",
        name=incident.name,
        status=status,
        impact=Impact(incident.impact_override or impact),
        started_at=at,
        monitoring_at=None,
        resolved_at=None,
        plan=None,
        next_update_by=None,
        archived_at=None,
        created_at=at,
        updated_at=at,
        affected=tuple(AffectedFacts(one.pk, one.name, how) for one, how in said.items()),
        updates=(),
        postmortem=None,
    )
