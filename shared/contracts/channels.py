"""Messages beside the consoles: what an exchange reports, what the desk reads."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Message

REPORTS = "/channel/v1/reports"

Channel = Literal["sms", "voice", "push", "family"]
ToKind = Literal["responder", "contact", "seat", "elder"]


class Outgoing(Message):
    """What an exchange is given, at the address for texts or the one for calls, with `Authorization: Bearer`.

    `id` is what it reports under; `keys` are those a listener may press, or a reader send back.
    """

    id: UUID
    to: str
    text: str
    keys: tuple[str, ...] = ()


class TakenOver(Message):
    """An exchange's 2xx: it has it. `ref` is its own number for it."""

    ref: str | None = None


class DeliveryReport(Message):
    """`POST /channel/v1/reports`: what became of a message, signed with the exchange's secret.

    `id` is the one the exchange was given. A call is `answered` when a key was pressed (`key`), `delivered` when
    somebody listened, else `busy`, `no_answer` or `off`; a text is `delivered` or `failed`, with a word why, and
    `answered` with the words that came back (`reply`), which are read for a key and kept nowhere.
    """

    id: UUID
    status: Literal["delivered", "answered", "failed", "busy", "no_answer", "off"]
    key: Annotated[str, Field(pattern=r"^[0-9*#]$")] | None = None
    reply: Annotated[str, Field(max_length=200)] | None = None
    reason: Annotated[str, Field(max_length=100)] | None = None


class ReportAnswer(Message):
    """What an exchange is answered: `say` is read to whoever has pressed a key, or sent back to whoever has written."""

    say: str | None = None


class MessageView(Message):
    """One message about an incident, without its words: they are made when it is sent and kept nowhere."""

    id: UUID
    channel: Channel
    to_kind: ToKind
    to: str
    name_masked: str
    template: str
    state: Literal["queued", "sending", "sent", "delivered", "answered", "failed", "expired", "withheld"]
    reason: str | None
    answer: str | None
    attempts: int
    drill: bool
    offer: UUID | None
    wanted_at: datetime
    sent_at: datetime | None
    delivered_at: datetime | None
    ended_at: datetime | None
    expires_at: datetime


class Messages(Message):
    """Everything that was sent about one incident, oldest first."""

    items: tuple[MessageView, ...]


class DutyPhone(Message):
    """The telephone that rings at a division's duty desk; null for none."""

    phone: Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{2,19}$")] | None
