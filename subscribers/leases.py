"""Who sends which delivery. All times are PostgreSQL's, so that workers' clocks do not matter.

A worker claims a batch under a token of its own for LEASE_S seconds and renews it while it
works; what is not marked in time falls back to everybody. Before each send the worker asks
`Lease.holds`, which notices within a moment that a lease is lost, or that a recipient may
not be told any more.
"""

from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction

from subscribers import audience
from subscribers.models import Delivery
from subscribers.retry import MAX_ATTEMPTS

LEASE_S = 60
# A send is only begun when the lease is sure to outlast its waits.
MARGIN_S = 10
RENEW_AFTER_S = 5
LOOK_AGAIN_AFTER_S = 0.5
EXPIRES_AFTER_H = 6
# A row whose workers died this often is claimed alone: it may be what kills them.
SUSPECT_AFTER = 3
INTERRUPTED = "interrupted"


class Lease:
    """A claimed batch. `ids` are in the order in which they should be sent."""

    def __init__(self, ids: list[int], token: UUID, *, to_operators: bool) -> None:
        self.ids = ids
        self.token = token
        self._to_operators = to_operators
        self._held = set(ids)
        self._renewed_at = self._looked_at = monotonic()

    def holds(self, delivery_id: int) -> bool:
        """Whether this delivery is still ours and still wanted, with time left to make it."""
        moment = monotonic()
        if moment - self._renewed_at > RENEW_AFTER_S:
            self._renew()
            self._renewed_at = moment
        if moment - self._looked_at > LOOK_AGAIN_AFTER_S:
            self.look_again()
        return delivery_id in self._held

    def look_again(self) -> None:
        """Ends what nobody wants any more and reads what is left."""
        self._looked_at = monotonic()
        _run(_END_UNWANTED, token=self.token, hours=EXPIRES_AFTER_H, most=MAX_ATTEMPTS)
        if self._to_operators:
            _skip_former_operators(self.token)
        held = _rows(_READ_HELD, token=self.token, margin=MARGIN_S)
        self._held = {delivery_id for (delivery_id,) in held}

    def release(self) -> None:
        """Gives back what was not tried; no attempt is counted for it."""
        _run(_RELEASE, token=self.token)

    def _renew(self) -> None:
        _run(_RENEW, token=self.token, lease=LEASE_S)
        self._looked_at = 0.0


def claim(channel: str, *, limit: int) -> Lease | None:
    """Up to `limit` due deliveries, in turn from up to ten pages so that none waits for another.

    Suspects come one at a time, when nothing else is due. None when there is nothing.
    """
    return _claim(channel, limit=limit, alone=False) or _claim(channel, limit=1, alone=True)


def take_back_expired() -> None:
    """Makes the deliveries of dead workers due again."""
    _run(_TAKE_BACK, lease=LEASE_S, reason=INTERRUPTED)


def _claim(channel: str, *, limit: int, alone: bool) -> Lease | None:
    token = uuid4()
    with transaction.atomic():
        rows = _rows(
            _CLAIM,
            channel=channel,
            limit=limit,
            alone=alone,
            suspect_after=SUSPECT_AFTER,
            interrupted=INTERRUPTED,
            token=token,
            lease=LEASE_S,
        )
    if not rows:
        return None
    ids = sorted(delivery_id for delivery_id, _ in rows)
    lease = Lease(ids, token, to_operators=any(to_operator for _, to_operator in rows))
    lease.look_again()
    return lease


def _skip_former_operators(token: UUID) -> None:
    mine = Delivery.objects.filter(lease_token=token, state=Delivery.State.SENDING)
    mine.filter(~audience.may_operate(), operator__isnull=False).update(
        state=Delivery.State.SKIPPED,
        last_answer="not an operator",
        lease_token=None,
        lease_until=None,
    )


def _run(statement: str, **parameters: str | float | UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _rows(statement: str, **parameters: str | float | UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


_CLAIM = """
    WITH turn AS (
        SELECT page.id FROM pages_page AS page
        WHERE EXISTS (
            SELECT FROM subscribers_delivery AS delivery
            WHERE delivery.channel = %(channel)s AND delivery.page_id = page.id
              AND delivery.state = 'pending' AND delivery.next_attempt_at <= now()
        )
        AND NOT EXISTS (
            SELECT FROM subscribers_channelpause AS pause
            WHERE pause.channel = %(channel)s AND pause.paused_until > now()
              AND (pause.page_id = page.id OR pause.page_id IS NULL)
        )
        ORDER BY random() LIMIT 10
    ), due AS (
        SELECT delivery.id,
               row_number() OVER (PARTITION BY turn.id ORDER BY delivery.next_attempt_at) AS place
        FROM turn CROSS JOIN LATERAL (
            SELECT id, next_attempt_at FROM subscribers_delivery
            WHERE channel = %(channel)s AND page_id = turn.id
              AND state = 'pending' AND next_attempt_at <= now()
              AND (attempts >= %(suspect_after)s AND last_answer = %(interrupted)s) = %(alone)s
            ORDER BY next_attempt_at, id LIMIT %(limit)s
            FOR UPDATE SKIP LOCKED
        ) AS delivery
    )
    UPDATE subscribers_delivery
    SET state = 'sending', attempts = attempts + 1, lease_token = %(token)s,
        lease_until = now() + make_interval(secs => %(lease)s)
    WHERE id IN (SELECT id FROM due ORDER BY place, id LIMIT %(limit)s)
    RETURNING id, operator_id IS NOT NULL
"""

# Each clause is a reason to end a delivery; the first that applies is its answer.
_END_UNWANTED = """
    UPDATE subscribers_delivery AS delivery
    SET state = CASE WHEN verdict.answer ~ '^(expired|gave up)' THEN 'failed' ELSE 'skipped' END,
        last_answer = verdict.answer, lease_token = NULL, lease_until = NULL
    FROM (
        SELECT mine.id, CASE
            WHEN mine.operator_id IS NULL AND page.status <> 'published'
                THEN 'page not published'
            WHEN person.unsubscribed_at IS NOT NULL AND told.kind <> 'verification'
                THEN 'unsubscribed'
            WHEN person.quarantined_at IS NOT NULL AND told.kind <> 'verification'
                THEN 'quarantined'
            WHEN told.audience = 'subscribers' AND person.verified_at IS NULL
                THEN 'not verified'
            WHEN told.topic IS NOT NULL AND EXISTS (
                SELECT FROM subscribers_notification AS newer
                JOIN subscribers_delivery AS other ON other.notification_id = newer.id
                WHERE newer.topic = told.topic
                  AND newer.sequence > told.sequence
                  AND other.subscriber_id = mine.subscriber_id
            ) THEN 'superseded'
            WHEN mine.created_at < now() - make_interval(hours => %(hours)s)
                THEN 'expired: ' || mine.last_answer
            WHEN mine.attempts > %(most)s
                THEN 'gave up: ' || mine.last_answer
        END AS answer
        FROM subscribers_delivery AS mine
        JOIN subscribers_notification AS told ON told.id = mine.notification_id
        JOIN pages_page AS page ON page.id = mine.page_id
        LEFT JOIN subscribers_subscriber AS person ON person.id = mine.subscriber_id
        WHERE mine.lease_token = %(token)s AND mine.state = 'sending'
    ) AS verdict
    WHERE delivery.id = verdict.id AND verdict.answer IS NOT NULL
"""

_READ_HELD = """
    SELECT id FROM subscribers_delivery
    WHERE lease_token = %(token)s AND state = 'sending'
      AND lease_until > now() + make_interval(secs => %(margin)s)
"""

_RENEW = """
    UPDATE subscribers_delivery SET lease_until = now() + make_interval(secs => %(lease)s)
    WHERE lease_token = %(token)s AND state = 'sending' AND lease_until > now()
"""

_RELEASE = """
    UPDATE subscribers_delivery
    SET state = 'pending', attempts = attempts - 1, lease_token = NULL, lease_until = NULL
    WHERE lease_token = %(token)s AND state = 'sending'
"""

# A lease that ends too far ahead was given before the clock was set back.
_TAKE_BACK = """
    UPDATE subscribers_delivery
    SET state = 'pending', next_attempt_at = now(), last_answer = %(reason)s,
        lease_token = NULL, lease_until = NULL
    WHERE state = 'sending'
      AND (lease_until <= now() OR lease_until > now() + make_interval(secs => 2 * %(lease)s))
"""
