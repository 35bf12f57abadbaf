"""What leaves for people beside their consoles: messages are taken from their rows, sent, and their end written down.

Each try is leased by its row: it is marked as being sent, with the instant when the lease is over, before anything
leaves. Whoever dies while sending leaves the row to be taken again, so that a text may come twice and is never lost.
Any number of workers may send; no row is held while the other side thinks, and none while we do: a message is changed
by one statement, if it still is what we know of it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from services.dispatch.domain import messages, texts
from services.dispatch.domain.messages import Message, MessageState
from services.dispatch.domain.texts import Card
from services.dispatch.registry import recipients
from services.dispatch.store import messages as store
from shared.runtime import metrics
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.failpoint import reach
from shared.runtime.log import NewEvent
from shared.vocabulary.ids import uuid7

logger = logging.getLogger(__name__)

AT_ONCE = 32
A_BATCH, A_BATCH_S = 4, 0.2
"""No more than so many are taken in hand at a time, and then a pause: twenty a second and lane, so that alarms do not
wait for messages."""
LANES = (("voice", "sms", "push"), ("family",))
"""Each lane has its own hands: a thousand families that are told never hold up a call for help."""
POLL_S = 0.25
PATIENCE_S = 8
"""So long the other side may think; less than a lease."""
TOLD = frozenset(MessageState) - {MessageState.QUEUED, MessageState.SENDING}
LOST = frozenset({MessageState.FAILED, MessageState.EXPIRED})
"""Of these the desk hears; nobody waits for the others."""
QUIET = frozenset({"hospital", "institution", "moved", "dead"})
"""Where an elder is when her family needs no news from us; an alarm rings the desk all the same."""
LIVE_OFFER = frozenset({"sent", "shown", "rang"})


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message ready to go: `to` is a number, or the recipient's id where there is none; `keys` may be pressed."""

    id: UUID
    attempt: int
    to: str
    title: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the other side said: it has it, it never will, or not now."""

    verdict: Literal["taken", "refused", "away"]
    reason: str = ""
    ref: str | None = None


class Channel(Protocol):
    """A way to people. `reports` tells whether it says later what became of a message; `needs_number` whom it finds."""

    reports: bool
    needs_number: bool

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand a message over, within PATIENCE_S."""
        ...


Change = Callable[[Message, datetime], Message]


class Sender:
    """Sends what is due over the channels there are."""

    def __init__(
        self, database: Database, clock: Clock, channels: Mapping[str, Channel], language: str, ring: Callable[[], None]
    ) -> None:
        """`ring` is called after a commit that others want to read."""
        self._database = database
        self._clock = clock
        self._channels = channels
        self._language = language
        self._ring = ring
        self._busy = dict.fromkeys(LANES, 0)
        self._finished: dict[UUID, tuple[Message, Change]] = {}
        self._pen = asyncio.Lock()

    async def run(self, wakes: Sequence[asyncio.Event]) -> None:
        """Send for ever; `wakes`, one for each lane, say that something may have been queued."""
        async with asyncio.TaskGroup() as lanes:
            for lane, wake in zip(LANES, wakes, strict=True):
                lanes.create_task(self._keep(lane, wake))

    async def _keep(self, lane: tuple[str, ...], wake: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as under_way:
            while True:
                due, taken = None, list[Message]()
                try:
                    due, taken = await self.take(lane, A_BATCH)
                    for message in taken:
                        self._busy[lane] += 1
                        under_way.create_task(self._in_time(lane, message))
                except AWAY:
                    logger.warning("messages.database_away")
                    await woken(asyncio.Event(), POLL_S)
                if self._full(lane, taken):
                    await woken(asyncio.Event(), A_BATCH_S)
                else:
                    await self._clock.wait_until(due, wake, POLL_S)

    def _full(self, lane: tuple[str, ...], taken: Sequence[Message]) -> bool:
        return len(taken) == A_BATCH or self._busy[lane] >= AT_ONCE

    async def step(self) -> int:
        """Send what is due now and wait for it; answers how many were tried."""
        taken = [message for lane in LANES for message in (await self.take(lane))[1]]
        await asyncio.gather(*(self.carry(message) for message in taken))
        return len(taken)

    async def take(self, lane: tuple[str, ...], most: int = AT_ONCE) -> tuple[datetime | None, list[Message]]:
        """When the next one of a lane is due, and those that are, in hand."""
        free = min(most, AT_ONCE - self._busy[lane])
        if free <= 0:
            return None, []
        waiting = [(m, m.due_at) for m in await store.waiting(self._database, free, lane) if m.due_at is not None]
        now = self._clock.now()
        due = [m for m, at in waiting if at <= now]
        later = next((at for _, at in waiting if at > now), None)
        return later, await self._taken_up(due, now) if due else []

    async def _taken_up(self, due: Sequence[Message], now: datetime) -> list[Message]:
        """Take them in hand, each for one lease; others may have been quicker."""
        pairs = [(m, messages.taken_up(m, now)) for m in due]
        mine = await write(self._database, pairs, now)
        reach("messages.taken_up")
        self._tell_others(pairs)
        return [after for _, after in pairs if after.id in mine and after.state == MessageState.SENDING]

    async def _in_time(self, lane: tuple[str, ...], message: Message) -> None:
        """One sick message must not hold up the others; its lease brings it back until it is of no use any more."""
        try:
            await self.carry(message)
        except AWAY:
            logger.warning("message.database_away", extra={"message_id": str(message.id)})
        except Exception:
            logger.exception("message.failed", extra={"message_id": str(message.id), "template": message.template})
        finally:
            self._busy[lane] -= 1

    async def carry(self, message: Message) -> None:
        """One try: look up whom and what, hand it over, write down what was said."""
        card = await recipients.card(self._database, message, self._clock.now())
        why = _better_not(message, card)
        if why is not None:
            await self._written(message, lambda m, now: messages.withheld(m, why, now))
            return
        outcome, reports = await self._handed_over(message, card)
        reach("messages.handed_over")
        metrics.MESSAGES.labels(message.channel, outcome.verdict).inc()
        await self._written(message, lambda m, now: _after(m, outcome, now, reports=reports))

    async def _handed_over(self, message: Message, card: Card) -> tuple[Outcome, bool]:
        channel = self._channels.get(message.channel)
        if channel is None:
            return Outcome("refused", "no_channel"), False
        if channel.needs_number and not card.phone:
            return Outcome("refused", "no_number"), False
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await channel.send(self._parcel(message, card, channel)), channel.reports
        except TimeoutError:
            return Outcome("away", "slow"), False

    def _parcel(self, message: Message, card: Card, channel: Channel) -> Parcel:
        spoken = message.channel == "voice"
        asks = (spoken or channel.reports) and message.template in texts.ASKS
        words = (
            texts.spoken(message.template, self._language, card, drill=message.drill) if spoken
            else texts.text(message.template, self._language, card, drill=message.drill, heard=channel.reports)
        )  # fmt: skip
        return Parcel(
            message.id, message.attempts, card.phone if channel.needs_number else message.to_id,
            texts.title(self._language, card, drill=message.drill), words, texts.KEYS if asks else (),
        )  # fmt: skip

    async def _written(self, message: Message, change: Change) -> None:
        """Write down what came of this try, in one statement with all that others have finished meanwhile.

        What is no longer ours is left as it is: reported already, or tried again.
        """
        self._finished[message.id] = message, change
        async with self._pen:
            finished, self._finished = self._finished, {}
            if finished:
                now = self._clock.now()
                pairs = [(it, after(it, now)) for it, after in finished.values()]
                await write(self._database, pairs, now)
                reach("messages.written")
                self._tell_others(pairs)

    def _tell_others(self, pairs: Iterable[tuple[Message, Message]]) -> None:
        if any(after.state in LOST for _, after in pairs):
            self._ring()


def _better_not(message: Message, card: Card) -> str | None:
    """Why this should stay unsaid, if it should."""
    if message.drill and not card.listed:
        return "drill"
    if message.template in texts.OFFERS and card.offer_state not in LIVE_OFFER:
        return "offer_over"
    if message.template in texts.FOR_GOING and not card.going:
        return "not_going"
    if message.channel == "family" and card.elder_status in QUIET:
        return f"elder_{card.elder_status}"
    return None


def _after(message: Message, outcome: Outcome, now: datetime, *, reports: bool) -> Message:
    match outcome.verdict:
        case "taken":
            return messages.accepted(message, outcome.ref, now, reports=reports)
        case "refused":
            return messages.refused(message, outcome.reason, now)
        case "away":
            return messages.put_off(message, outcome.reason, now)


async def write(database: Database, pairs: Sequence[tuple[Message, Message]], now: datetime) -> set[UUID]:
    """Write what messages have become, and tell the log under ids alone; answers those that nobody else had changed."""
    told = [_event(after, now) for before, after in pairs if after.state in TOLD and after.state != before.state]
    return await store.change(database, pairs, told, now)


def _event(it: Message, now: datetime) -> NewEvent:
    body = {
        "message": it.id, "incident": it.incident_id, "offer": it.offer_id, "channel": it.channel,
        "to_kind": it.to_kind, "to": it.to_id, "template": it.template, "why": it.reason,
    }  # fmt: skip
    return NewEvent(uuid7(now), "message", str(it.id), f"message.{it.state}", body, it.division, "dispatch:outbox")
