"""Sending what is due: claim a batch, send it, mark each delivery by its own commit."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from time import monotonic
from uuid import UUID

from django.db import Error as DatabaseError

from subscribers import bounces, envelopes, leases, pauses, settling
from subscribers.channels.base import Blame, Channel, DeliveryError, Envelope
from subscribers.channels.email import open_email
from subscribers.leases import Lease
from subscribers.message import Message
from subscribers.models import Delivery, Subscriber

log = logging.getLogger(__name__)

BATCH = 100

CHANNELS: dict[str, Callable[[], AbstractContextManager[Channel]]] = {
    Subscriber.Mode.EMAIL: open_email,
}


def run(channel_name: str, *, seconds: float) -> bool:
    """Sends what is due on a channel for about `seconds`; True when more may be due.

    Errors of the database end the run at once: what cannot be marked must not be sent.
    """
    until = monotonic() + seconds
    leases.take_back_expired()
    with CHANNELS[channel_name]() as channel:
        while lease := leases.claim(channel_name, limit=BATCH):
            _Shift(channel_name, channel, lease, until=until).work()
            if monotonic() >= until:
                return True
    return False


class _Shift:
    """One leased batch on its way through a channel."""

    def __init__(self, name: str, channel: Channel, lease: Lease, *, until: float) -> None:
        self._name = name
        self._channel = channel
        self._lease = lease
        self._until = until
        self._batch = envelopes.load(lease)
        self._messages: dict[UUID, Message] = {}
        self._in_trouble = pauses.in_trouble(name)
        self._stopped = False
        self._newest: Delivery | None = None

    def work(self) -> None:
        """Whatever is not settled at the end is given back."""
        try:
            for envelope, outcome in self._channel.send(self._pull()):
                self._settle(self._batch.deliveries[envelope.delivery_id], envelope, outcome)
        except DatabaseError:
            raise
        except Exception as error:
            log.exception("delivery failed in an unexpected way")
            if self._newest:
                settling.fail(self._newest, f"unexpected: {error!r}")
        finally:
            self._lease.release()

    def _pull(self) -> Iterator[Envelope]:
        """Opens each envelope at the last moment, if it is still to be sent then."""
        for delivery_id in self._lease.ids:
            if self._stopped or monotonic() >= self._until:
                return
            if not self._lease.holds(delivery_id):
                continue
            delivery = self._newest = self._batch.deliveries[delivery_id]
            try:
                envelope = envelopes.open_envelope(self._batch, delivery, self._messages)
            except ValueError as error:
                log.exception("delivery %s cannot be read", delivery_id)
                settling.fail(delivery, f"unreadable: {error!r}")
            else:
                yield envelope

    def _settle(self, delivery: Delivery, envelope: Envelope, outcome: str | DeliveryError) -> None:
        if isinstance(outcome, str):
            settling.accept(delivery, outcome)
            self._note_acceptance(delivery, envelope)
        elif outcome.blame is Blame.CHANNEL:
            self._rest(delivery, outcome, only_this_page=False)
        else:
            settling.retry_or_fail(delivery, outcome)
            if outcome.blame is Blame.PAGE:
                self._rest(delivery, outcome, only_this_page=True)
            if outcome.refusal:
                self._note_refusal(delivery, outcome)

    def _note_acceptance(self, delivery: Delivery, envelope: Envelope) -> None:
        if envelope.secret:
            settling.wipe_secret(envelope.notification_id)
        if delivery.subscriber and delivery.subscriber.bounces:
            bounces.clear_strikes(delivery.subscriber.pk)
        if self._in_trouble:
            pauses.accepted(self._name, delivery.page)
            self._in_trouble = False

    def _note_refusal(self, delivery: Delivery, error: DeliveryError) -> None:
        if error.refusal == Delivery.Refusal.ADDRESS and delivery.subscriber_id:
            bounces.count_strike(delivery.subscriber_id)
        if bounces.is_our_fault(delivery.notification_id):
            bounces.take_back(delivery.notification_id)
            self._rest(delivery, error, only_this_page=True)

    def _rest(self, delivery: Delivery, error: DeliveryError, *, only_this_page: bool) -> None:
        pauses.pause(
            self._name, page=delivery.page, only_this_page=only_this_page, reason=str(error)
        )
        self._stopped = True
