"""Whatever people, plans and checks do one after another, history is what they said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.actor import SYSTEM, Actor
from incidents import actions
from incidents.actions.telling import message_of
from incidents.automatic import open_untold
from incidents.lifecycle import IncidentStatus
from incidents.models import Incident, IncidentUpdate, IncidentUpdateQuerySet
from incidents.recovery import settle_recovered
from incidents.stories import read_story
from pages import actions as page_actions
from pages import claims, days
from pages.models import Component, Page
from pages.status import Status
from pages.versions import changing
from subscribers import outbox
from subscribers.message import to_json
from subscribers.models import Notification
from tests.incidents.checks import fail, recover
from tests.incidents.oracle import MINUTE, Oracle
from tests.pages.timeline import history

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 3, 1, 20, tzinfo=UTC)
REFUSALS = (actions.Invalid, actions.Conflict, actions.Repeated)
STATUSES = list(Status)
STAGES = ["investigating", "identified", "monitoring", "resolved"]
RUNNING = ["in_progress", "verifying", "completed"]

# An action is (name, component, which story, a status, a stage, minutes); each takes what it needs.
VERBS = [
    *("open", "update", "update", "backdate", "ahead", "delete", "hold", "hold", "undo"),
    *("edit", "reopen", "backfill", "schedule", "schedule", "begin", "run", "extend", "move"),
    *("finish", "cancel", "pin", "pin"),
    *("fail", "fail", "recover", "recover", "reclassify", "tick", "tick"),
]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(VERBS),
        st.integers(0, 1),
        st.integers(0, 3),
        st.sampled_from(STATUSES),
        st.integers(0, 3),
        st.integers(1, 200),
    ),
    min_size=4,
    max_size=22,
)


class World:
    """A page with two components, and the clock of the test."""

    def __init__(self, page: Page, operator: Actor) -> None:
        self.page, self.operator, self.at = page, operator, T0
        self.components = [
            page_actions.create_component(page=page, name=name, actor=SYSTEM, at=T0)
            for name in ("API", "Web")
        ]
        self.turn = 0

    @property
    def by(self) -> dict[str, Any]:
        return {"actor": self.operator, "at": self.at}

    def do(self, step: tuple[str, int, int, Status, int, int]) -> None:
        """One action; what the product refuses leaves nothing behind."""
        name, which, story, status, stage, minutes = step
        self.turn += 1
        self.at += timedelta(minutes=17)
        verb: Callable[..., object] = getattr(self, f"_{name}")
        before = self.claims()
        try:
            verb(self.components[which], story, status, stage, timedelta(minutes=minutes))
        except REFUSALS:
            assert self.claims() == before

    def claims(self) -> set[object]:
        return set(
            self.page.components.values_list("claims__pk", "claims__since", "claims__ended_at")
        )

    def updates(self) -> IncidentUpdateQuerySet:
        return IncidentUpdate.objects.filter(incident__page=self.page)

    def incident(self, number: int, *, planned: bool = False) -> Incident:
        found = self.page.incidents.filter(scheduled_for__isnull=not planned)
        rows = list(found.exclude(status="draft").order_by("-created_at", "-id")[:4])
        if not rows:
            raise actions.Invalid("incident", "There is none.")
        return rows[number % len(rows)]

    def post(self, incident: Incident, stage: int, **options: Any) -> IncidentUpdate:
        stages = RUNNING if incident.is_maintenance else STAGES
        status = IncidentStatus(stages[stage % len(stages)])
        body = f"Turn {self.turn}."
        return actions.post_update(
            incident=incident, status=status, body=body, **options, **self.by
        )

    def _open(self, component: Component, _: int, status: Status, *rest: object) -> None:
        actions.open_incident(
            page=self.page, name=f"{self.turn}", body="", statuses={component: status}, **self.by
        )

    def _update(
        self, component: Component, story: int, status: Status, stage: int, span: timedelta
    ) -> None:
        self.post(
            self.incident(story, planned=bool(stage % 2)), stage, statuses={component: status}
        )

    def _backdate(
        self, component: Component, story: int, status: Status, stage: int, span: timedelta
    ) -> None:
        self.post(
            self.incident(story),
            stage,
            statuses={component: status},
            display_at=self.at - span,
        )

    def _ahead(
        self, component: Component, story: int, status: Status, stage: int, span: timedelta
    ) -> None:
        self.post(
            self.incident(story),
            stage,
            statuses={component: status},
            display_at=self.at + span,
        )

    def _delete(self, _: Component, story: int, status: Status, stage: int, *rest: object) -> None:
        updates = list(self.incident(story).updates.told())
        actions.delete_update(update=updates[stage % len(updates)], **self.by)

    def _hold(
        self, component: Component, story: int, status: Status, stage: int, *rest: object
    ) -> None:
        self.post(
            self.incident(story), stage, statuses={component: status}, hold=timedelta(days=9999)
        )

    def _undo(self, _: Component, story: int, *rest: object) -> None:
        waiting = outbox.unsent(
            [pk for pk in self.updates().values_list("notification_id", flat=True) if pk]
        )
        held = list(self.updates().filter(notification_id__in=waiting).order_by("created_at"))
        if held:
            actions.undo_update(update=held[story % len(held)], **self.by)

    def _edit(self, _: Component, story: int, status: Status, stage: int, *rest: object) -> None:
        updates = list(self.incident(story).updates.told())
        actions.edit_update(
            update=updates[stage % len(updates)], body=f"Edited {self.turn}.", **self.by
        )

    def _reopen(
        self, component: Component, story: int, status: Status, stage: int, *rest: object
    ) -> None:
        self.post(self.incident(story), stage, statuses={component: status}, reopen=True)

    def _backfill(
        self, component: Component, _: int, status: Status, stage: int, span: timedelta
    ) -> None:
        actions.backfill_incident(
            page=self.page,
            name=f"{self.turn}",
            body="",
            statuses={component: status},
            began_at=self.at - span,
            ended_at=self.at - span + timedelta(minutes=10 * (stage + 1)),
            **self.by,
        )

    def _schedule(
        self, component: Component, _: int, status: Status, stage: int, span: timedelta
    ) -> None:
        actions.schedule_maintenance(
            page=self.page,
            name=f"{self.turn}",
            body="",
            components=self.components if stage else [component],
            starts_at=self.at + timedelta(minutes=10 * stage),
            ends_at=self.at + timedelta(minutes=10 * stage) + span,
            **self.by,
        )

    def _run(self, *_: object) -> None:
        actions.run_due_maintenance(at=self.at)

    def _extend(self, _: Component, story: int, *rest: object) -> None:
        actions.extend(maintenance=self.incident(story, planned=True), **self.by)

    def _begin(self, _: Component, story: int, *rest: object) -> None:
        actions.start_now(maintenance=self.incident(story, planned=True), **self.by)

    def _move(self, _: Component, story: int, status: Status, stage: int, span: timedelta) -> None:
        maintenance = self.incident(story, planned=True)
        assert maintenance.scheduled_for
        assert maintenance.scheduled_until
        actions.reschedule(
            maintenance=maintenance,
            starts_at=maintenance.scheduled_for + (span if stage % 2 else timedelta()),
            ends_at=maintenance.scheduled_until + span,
            **self.by,
        )

    def _finish(self, _: Component, story: int, *rest: object) -> None:
        maintenance = self.incident(story, planned=True)
        actions.finish_early(maintenance=maintenance, body="", **self.by)

    def _cancel(self, _: Component, story: int, *rest: object) -> None:
        maintenance = self.incident(story, planned=True)
        actions.cancel_maintenance(maintenance=maintenance, body="", **self.by)

    def _pin(
        self, component: Component, _: int, status: Status, stage: int, span: timedelta
    ) -> None:
        until = self.at + span if stage % 2 else None
        actions.set_component_status(component=component, status=status, pin_until=until, **self.by)

    def _fail(
        self, component: Component, story: int, status: Status, stage: int, *rest: object
    ) -> None:
        if status not in {Status.OPERATIONAL, Status.MAINTENANCE}:
            fail(component, self.at, status, since=self.at - timedelta(minutes=stage))

    def _recover(self, component: Component, *_: object) -> None:
        recover(component, self.at)

    def _reclassify(
        self, component: Component, _: int, status: Status, stage: int, span: timedelta
    ) -> None:
        page_actions.reclassify(
            component=component,
            since=max(self.at - span, T0),
            until=self.at - span + timedelta(minutes=7 * (stage + 1)),
            kind="maintenance" if stage % 2 else "checker_fault",
            reason=f"Turn {self.turn}.",
            **self.by,
        )

    def _tick(self, *_: object) -> None:
        actions.run_due_maintenance(at=self.at)
        actions.show_due_updates(at=self.at)
        actions.expire_pins(at=self.at)
        actions.publish_due_drafts(at=self.at)
        open_untold(at=self.at)
        settle_recovered(at=self.at)
        days.fold_finished_days(at=self.at)


@settings(
    deadline=None,
    max_examples=40,
    # Finding the smallest story takes minutes: a failing one is told as it was found.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, zone=st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu"]))
def test_history_is_what_was_said(page: Page, operator: Actor, steps, zone) -> None:
    with transaction.atomic():
        Page.objects.filter(pk=page.pk).update(timezone=zone, auto_publish_after=2)
        page.refresh_from_db()
        world = World(page, operator)
        for step in steps:
            world.do(step)
        world._tick()
        for component in world.components:
            component.refresh_from_db()
            oracle = Oracle(component)
            assert component.status == oracle.status(world.at)
            assert_history(component, oracle, world.at)
            assert_uptime(page, component, oracle, world.at)
        assert_news_is_up_to_date(world)
        for component in world.components:
            assert_rebuilt_alike(component)
        transaction.set_rollback(True)


def assert_history(component: Component, oracle: Oracle, now: datetime) -> None:
    """Without hole or overlap, each interval what the oracle says within it."""
    rows = history(component)
    assert rows[0][0] == component.created_at
    assert [end for _, end, *_ in rows[:-1]] == [start for start, *_ in rows[1:]]
    assert rows[-1][1] is None
    assert all(one[2:] != other[2:] for one, other in pairwise(rows))
    for start, end, status, _ in rows:
        last = (end or max(now, start) + MINUTE) - MINUTE
        assert {oracle.status(start), oracle.status(last)} == {status}


def assert_uptime(page: Page, component: Component, oracle: Oracle, now: datetime) -> None:
    published = days.ninety_days(page, at=now).components[component.pk].ratio
    expected = oracle.uptime(T0, now)
    if published is None or expected is None:
        assert published is expected
    else:
        assert float(published) == pytest.approx(float(expected), abs=1e-12)


def assert_news_is_up_to_date(world: World) -> None:
    """What waits to be sent says what would be said now."""
    for update in world.updates().published().exclude(notification_id=None):
        waiting = Notification.objects.unsent().filter(pk=update.notification_id).first()
        if waiting and not update.incident.is_maintenance:
            story = read_story(update.incident)
            message = message_of(page=world.page, update=update, at=world.at, story=story)
            said = waiting.message["payload"]["incident_updates"]
            now_said = to_json(message)["payload"]["incident_updates"]
            texts = {each["id"]: each["body"] for each in now_said}
            assert {each["id"]: each["body"] for each in said}.items() <= texts.items()


def assert_rebuilt_alike(component: Component) -> None:
    before = history(component), list(component.days.order_by("date").values())
    with changing(component.page_id):
        claims.rebuild(component)
    after = list(component.days.order_by("date").values())
    assert history(component) == before[0]
    assert [_seconds(day) for day in after] == [_seconds(day) for day in before[1]]


def _seconds(day: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in day.items() if name == "date" or name.endswith("_seconds")
    }
