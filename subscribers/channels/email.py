"""The e-mail channel."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from uuid import UUID

from django.conf import settings

from subscribers.channels import frame, letter
from subscribers.channels.base import Blame, Channel, DeliveryError, Envelope
from subscribers.channels.transport import Transport, open_transport

log = logging.getLogger(__name__)


class EmailChannel:
    """Renders each (message, language, kind of reader) once, however many receive it."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._frames: dict[tuple[UUID, str, bool], frame.Frame | DeliveryError] = {}

    def send(self, envelopes: Iterable[Envelope]) -> Iterator[tuple[Envelope, str | DeliveryError]]:
        for envelope in envelopes:
            try:
                yield envelope, self._deliver(envelope)
            except DeliveryError as error:
                yield envelope, error

    def _deliver(self, envelope: Envelope) -> str:
        made = self._frame(envelope)
        return self._transport.deliver(
            sender=made.sender,
            recipient=envelope.recipient,
            data=made.fill(
                own_head(envelope, sender=made.sender),
                unsubscribe_token=envelope.unsubscribe_token,
                secret=envelope.secret,
            ),
        )

    def _frame(self, envelope: Envelope) -> frame.Frame:
        to_operators = not envelope.unsubscribe_token
        key = (envelope.notification_id, envelope.language, to_operators)
        made = self._frames.get(key)
        if made is None:
            made = self._frames[key] = _compose(envelope, to_operators=to_operators)
        if isinstance(made, DeliveryError):
            raise made
        return made


def own_head(envelope: Envelope, *, sender: str) -> str:
    """The header lines that are the recipient's own (RFC 8058 for those who can unsubscribe).

    The Message-ID is the delivery's, so that a repeat can be told as one.
    """
    domain = sender.rpartition("@")[2]
    lines = [
        f"To: {envelope.recipient}",
        f"Message-ID: <{envelope.delivery_id}.{envelope.notification_id.hex}@{domain}>",
    ]
    if envelope.message.topic:
        lines.append(f"References: <{envelope.message.topic.hex}@{domain}>")
    if envelope.unsubscribe_token:
        url = f"{settings.MAIN_URL}/status/unsubscribe/{envelope.unsubscribe_token}"
        lines.append(f"List-Unsubscribe: <{url}>")
        lines.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "".join(f"{line}\r\n" for line in lines)


def _compose(envelope: Envelope, *, to_operators: bool) -> frame.Frame | DeliveryError:
    """Whatever cannot be rendered fails its own deliveries and nothing else."""
    try:
        written = letter.write(
            envelope.message,
            page=envelope.page,
            language=envelope.language,
            to_operators=to_operators,
        )
        return frame.compose(
            sender=settings.DEFAULT_FROM_EMAIL,
            sender_name=envelope.page.name,
            subject=written.subject,
            text=written.text,
            html=written.html,
        )
    except Exception as error:
        log.exception("notification %s cannot be rendered", envelope.notification_id)
        return DeliveryError(f"render error: {error!r}", permanent=True, blame=Blame.MESSAGE)


@contextmanager
def open_email() -> Iterator[Channel]:
    with closing(open_transport()) as transport:
        yield EmailChannel(transport)
