"""The mail that announces a maintenance, before there is one."""

from incidents.lifecycle import Impact, IncidentStatus
from incidents.maintenance_messages import STAGE_COLOURS
from incidents.series import sentence
from pages.links import calendar_url, page_url
from pages.status import Status
from subscribers.message import Fact, Kind, Message
from web.dashboard.desk import Desk
from web.dashboard.maintenance_preview import plan_of, values_of
from web.dashboard.series_forms import RepeatingForm


def message_of_plan(desk: Desk, form: RepeatingForm) -> Message:
    """What planning it would tell; of a series, what is told of its next occurrence."""
    values, plan = values_of(form), plan_of(desk, form)
    first = plan.dates[0] if plan.dates else plan.span
    status = IncidentStatus.SCHEDULED
    return Message(
        kind=Kind.MAINTENANCE_SCHEDULED,
        impact=Impact.MAINTENANCE,
        status=status,
        status_label=status.label,
        status_colour=STAGE_COLOURS[status],
        starts_at=first.starts_at if first else desk.at,
        ends_at=first.ends_at if first else desk.at,
        title={"en": values.get("name") or ""},
        body={"en": _body(desk, form, values.get("body") or "")},
        facts=tuple(
            Fact(component=one.name, component_id=one.pk, old="", new=Status.MAINTENANCE)
            for one in form.chosen()
        ),
        links={
            "page": page_url(desk.page),
            "incident": page_url(desk.page),
            "calendar": calendar_url(desk.page),
        },
        occurred_at=desk.at,
    )


def _body(desk: Desk, form: RepeatingForm, body: str) -> str:
    """What recurs names its rule below the text."""
    if not form.rule or form.span is None:
        return body
    rule = sentence(form.rule, form.span.start, form.span.minutes, desk.page.timezone)
    return "\n\n".join(filter(None, [body, f"It takes place {rule}."]))
