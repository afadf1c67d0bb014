"""News that was posted and has not left yet: the plate that stands on every screen meanwhile."""

import math
from dataclasses import dataclass
from datetime import datetime

from accounts.access import role_of
from accounts.models import User
from accounts.roles import Action, allows
from incidents.models import IncidentUpdate
from subscribers.audience import reach
from subscribers.models import Notification


@dataclass(frozen=True, slots=True)
class Held:
    """The update posted last of those that wait; `others` wait beside it."""

    update: IncidentUpdate
    until: datetime
    seconds: int
    out_of: int
    messages: int
    others: int
    may_act: bool


def held_for(user: User, at: datetime) -> Held | None:
    """The newest held update on a page the person can see. One query when there is none."""
    waiting = (
        Notification.objects.visible_to(user)
        .unsent()
        .filter(hold_until__gt=at, topic__isnull=False)
        .order_by("-created_at", "-id")
    )
    found = list(waiting.select_related("page__project"))
    if not found:
        return None
    newest = found[0]
    updates = IncidentUpdate.objects.filter(incident=newest.topic, notification_id=newest.pk)
    update = updates.select_related("incident__page").first()
    if update is None or newest.hold_until is None:
        return None
    seconds = math.ceil((newest.hold_until - at).total_seconds())
    return Held(
        update=update,
        until=newest.hold_until,
        seconds=seconds,
        out_of=max(seconds, newest.page.hold_seconds),
        messages=reach(newest.page, newest.component_ids).total,
        others=len(found) - 1,
        may_act=allows(role_of(user, newest.page.project), Action.UPDATE_UNDO),
    )
