"""The life of a message to somebody beside the consoles: a text, a voice call, a push. States and waits as data.

A message is a row. It is queued in the transaction that wanted it, tried until it was taken, has failed for good or is
of no use any more, and its end is told in the log under ids alone. Names, numbers and words are looked up at the moment
of sending (`registry.recipients`, `domain.texts`) and stay nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from services.dispatch.domain.facts import Fact, identifier, instant


class MessageState(StrEnum):
    """Where a message is. `sending` is leased: who dies while sending leaves it to be sent again."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"
    EXPIRED = "expired"
    WITHHELD = "withheld"


S = MessageState
ARROWS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        (S.QUEUED, "taken_up"): S.SENDING,
        (S.SENDING, "taken_up"): S.SENDING,
        (S.SENDING, "put_off"): S.QUEUED,
        (S.SENT, "put_off"): S.QUEUED,
        (S.SENDING, "sent"): S.SENT,
        **{(state, "delivered"): S.DELIVERED for state in (S.SENDING, S.QUEUED, S.SENT, S.EXPIRED)},
        **{(state, "answered"): S.ANSWERED for state in S if state is not S.ANSWERED},
        **{(state, "failed"): S.FAILED for state in (S.SENDING, S.SENT)},
        **{(state, "expired"): S.EXPIRED for state in (S.QUEUED, S.SENDING, S.SENT)},
        (S.SENDING, "withheld"): S.WITHHELD,
    }
)
"""What may happen in which state. A key that was pressed is heard whatever we believed of the call."""

LEASE = timedelta(seconds=15)
"""So long one try may take; whoever holds the message longer is taken for dead."""
PAUSES_S = (1, 2, 4, 8, 15, 30)
RING_AGAIN_S = 15
MOST_RINGS = 3
NO_ANSWER = frozenset({"busy", "no_answer", "off"})
REPORT_WITHIN: Mapping[str, timedelta] = MappingProxyType(
    {"voice": timedelta(seconds=90), "sms": timedelta(minutes=10), "family": timedelta(minutes=10)}
)
REPORT_AT_ALL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one person. `due_at` is its next wait, None when nothing is waited for any more.

    `to_id` is a responder's id, `<elder>/<ord>` for a contact, an elder's id, or the division whose duty telephone
    rings. `attempts` counts tries, `rings` those that rang in vain; `ref` is the other side's own number for it.
    """

    id: UUID
    incident_id: str | None
    division: str
    channel: str
    to_kind: str
    to_id: str
    template: str
    params: dict[str, Any]
    drill: bool
    state: str
    wanted_at: datetime
    expires_at: datetime
    due_at: datetime | None
    offer_id: UUID | None = None
    attempts: int = 0
    rings: int = 0
    ref: str | None = None
    reason: str | None = None
    answer: str | None = None
    sent_at: datetime | None = None
    delivered_at: datetime | None = None
    ended_at: datetime | None = None
    about: str = field(default="")
    """What this says once: a second message with the same words about the same thing is none."""


class IllegalStepError(Exception):
    """A message in this state can't do that."""


def wanted(fact: Fact, division: str, *, drill: bool) -> Message:
    """The row that the fact `message.wanted` asks for."""
    body = fact.body
    params = dict(body.get("params") or {})
    return Message(
        id=identifier(body["message"]), incident_id=body.get("incident"), division=division, channel=body["channel"],
        to_kind=body["to_kind"], to_id=body["to"], template=body["template"], params=params, drill=drill,
        state=S.QUEUED, wanted_at=fact.at, expires_at=instant(body["expires_at"]), due_at=fact.at,
        offer_id=identifier(body["offer"]) if body.get("offer") else None, about=_about(body, params),
    )  # fmt: skip


def _about(body: Mapping[str, Any], params: Mapping[str, Any]) -> str:
    """News to a family is told once; anything else may be said as often as it is wanted."""
    if body["channel"] != "family":
        return str(body["message"])
    return ":".join((body["template"], body["to_kind"], body["to"], str(params.get("responder", ""))))


def taken_up(it: Message, now: datetime) -> Message:
    """Somebody has it in hand, or its time is over.

    A lease that ran out sends it again: a text may come twice, it is never lost.
    """
    if it.state == S.SENT:
        return _unreported(it, now)
    if now >= it.expires_at:
        return _ended(it, "expired", now, it.reason or "too_late")
    return replace(_step(it, "taken_up"), attempts=it.attempts + 1, due_at=now + LEASE)


def _unreported(it: Message, now: datetime) -> Message:
    """Nobody said what became of it. A call is made again while it is of use; of a text we just don't know."""
    if it.channel == "voice" and now < it.expires_at and it.rings + 1 < MOST_RINGS:
        return replace(_step(it, "put_off"), rings=it.rings + 1, due_at=now, reason="no_report")
    return _ended(it, "expired", now, "no_report")


def accepted(it: Message, ref: str | None, now: datetime, *, reports: bool) -> Message:
    """The other side has taken it over; whether it `reports` what becomes of it, is its own business."""
    due = now + REPORT_WITHIN.get(it.channel, REPORT_AT_ALL) if reports else None
    return replace(_step(it, "sent"), ref=ref, sent_at=now, due_at=due, reason=None, ended_at=None if reports else now)


def refused(it: Message, reason: str, now: datetime) -> Message:
    """It will never be taken: no such number, no such channel, not allowed."""
    return _ended(it, "failed", now, reason)


def put_off(it: Message, reason: str, now: datetime) -> Message:
    """Not now: tried again after a while that grows, as long as it is of use."""
    due = now + timedelta(seconds=PAUSES_S[min(it.attempts, len(PAUSES_S)) - 1])
    if due >= it.expires_at:
        return _ended(it, "expired", now, reason)
    return replace(_step(it, "put_off"), due_at=due, reason=reason)


def withheld(it: Message, reason: str, now: datetime) -> Message:
    """Better not said: a drill, an offer that is over, an elder who is elsewhere."""
    return _ended(it, "withheld", now, reason)


def reported(it: Message, status: str, key: str | None, reason: str | None, now: datetime) -> Message:
    """The other side says what became of it. What is known already changes nothing; a late report does."""
    if status == "answered":
        return it if it.state == S.ANSWERED else replace(_ended(it, "answered", now, None), answer=key)
    if (it.state, "delivered" if status == "delivered" else "failed") not in ARROWS:
        return it
    if status == "delivered":
        return replace(_ended(it, "delivered", now, None), delivered_at=now)
    if status in NO_ANSWER and it.rings + 1 < MOST_RINGS and _again(now) < it.expires_at:
        return replace(it, state=S.QUEUED, rings=it.rings + 1, due_at=_again(now), reason=status)
    return _ended(it, "failed", now, reason or status)


def _again(now: datetime) -> datetime:
    return now + timedelta(seconds=RING_AGAIN_S)


def _step(it: Message, what: str) -> Message:
    try:
        return replace(it, state=ARROWS[it.state, what])
    except KeyError:
        raise IllegalStepError(f"{it.state} has no arrow {what}") from None


def _ended(it: Message, what: str, now: datetime, reason: str | None) -> Message:
    return replace(_step(it, what), due_at=None, ended_at=now, reason=reason)
