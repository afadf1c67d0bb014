"""What a channel is: one file, one method, one error.

A channel pulls envelopes and yields what became of each. It may pull several before it
yields, so that a connection can be pipelined or an API called in batches; each pull makes
sure that the delivery is still ours to make.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol
from uuid import UUID

from pages.models import Page
from subscribers.message import Message
from subscribers.models import Delivery


class Blame(Enum):
    """Whose fault an error is, hence who pays for it."""

    CHANNEL = auto()  # nothing can be sent now: the channel rests, no attempt is counted
    PAGE = auto()  # what this page sends is refused: the page's channel rests
    MESSAGE = auto()  # this message cannot be sent to anybody
    RECIPIENT = auto()  # only this delivery is concerned


class DeliveryError(Exception):
    """Why a delivery failed. `permanent`: the same attempt would fail again.

    `tries` ends an error that is not permanent after so many attempts. `once`: the same
    answer twice ends it. `refusal` tells that the recipient was refused by the remote.
    """

    def __init__(
        self,
        answer: str,
        *,
        permanent: bool,
        blame: Blame = Blame.RECIPIENT,
        tries: int | None = None,
        once: bool = False,
        refusal: Delivery.Refusal | None = None,
    ) -> None:
        super().__init__(answer)
        self.permanent = permanent
        self.blame = blame
        self.tries = tries
        self.once = once
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message on its way to one recipient.

    Operators have no `unsubscribe_token`; `secret` is the one-time token of a mail that
    asks for confirmation.
    """

    delivery_id: int
    notification_id: UUID
    page: Page
    message: Message
    recipient: str
    language: str
    unsubscribe_token: str = ""
    secret: str = ""


class Channel(Protocol):
    def send(self, envelopes: Iterable[Envelope]) -> Iterator[tuple[Envelope, str | DeliveryError]]:
        """Sends each envelope and yields it with the remote's answer, or the error."""
