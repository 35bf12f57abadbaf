"""Foreign devices: one bridge for all, with its own session; a standby takes over when its lease ends."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg

from services.devices.adapters import hear, topics
from services.devices.adapters.reading import opened
from services.devices.domain.foreign import Binding, Discovered, Happening, Heard, States, relayed
from services.devices.domain.quarantine import Why
from services.devices.flow.alarms import AlarmFlow, Reading, insist
from services.devices.intake.alarms import AT_MOST
from services.devices.store import bindings
from shared.runtime.clock import Clock
from shared.runtime.database import Database
from shared.runtime.mqtt import Broker, Consumer, Delivery

logger = logging.getLogger(__name__)

CLIENT = "devices-bridge"
NOTED_AGAIN = timedelta(minutes=1)
MOST_NOTED = 50_000


@dataclass(frozen=True, slots=True)
class Said:
    """What happened, and the message that said so; None for a report that nobody can read."""

    delivery: Delivery
    addresses: tuple[str, ...]
    happening: Happening | None


class Noticed:
    """What has told of itself and can say what; written at most once a minute for each address."""

    def __init__(self) -> None:
        """Know nothing."""
        self._known: dict[str, tuple[datetime, frozenset[str]]] = {}

    def fresh(self, found: Iterable[Discovered], now: datetime) -> list[Discovered]:
        """Those that are worth writing down now."""
        if len(self._known) > MOST_NOTED:
            self._known.clear()
        return [it for it in found if self._is_fresh(it, now)]

    def announced(self, happening: Happening) -> bool:
        """Whether a thing of this address said that it has this word."""
        return any(happening.word in self._known[at][1] for at in happening.addresses if at in self._known)

    def _is_fresh(self, it: Discovered, now: datetime) -> bool:
        at, words = self._known.get(it.address, (None, frozenset[str]()))
        more = words | set(it.words)
        if at is not None and now - at < NOTED_AGAIN and more == words:
            return False
        self._known[it.address] = (now, more)
        return True


class Bridge:
    """Turns presses of foreign buttons into alarms of the devices they are bound to."""

    def __init__(self, broker: Broker, flow: AlarmFlow, clock: Clock, database: Database) -> None:
        """Describe it; `run` is called while this worker has the lease."""
        self._broker = broker
        self._flow = flow
        self._clock = clock
        self._database = database
        self._states = States()
        self._noticed = Noticed()

    async def run(self) -> None:
        """Serve until cancelled."""
        consumer = Consumer(self._broker, CLIENT, topics())
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(consumer.run())
            tasks.create_task(self._follow(consumer))

    async def _follow(self, consumer: Consumer) -> None:
        try:
            while True:
                deliveries = await consumer.take(AT_MOST)
                heard = [(it, hear(it.topic, it.payload, opened(it.payload))) for it in deliveries]
                said = [item for delivery, what in heard for item in self._said(delivery, what)]
                if said:
                    await self._flow.keep(await self._readings(said))
                await self._notice(heard)
                consumer.acknowledge(deliveries)
        finally:
            await self._flow.close()

    def _said(self, delivery: Delivery, heard: Heard) -> list[Said]:
        """What the broker kept from earlier tells of no press now."""
        if delivery.retained:
            return []
        happened = [Said(delivery, it.addresses, it) for it in heard.happenings if self._states.begins(it)]
        return happened or ([Said(delivery, heard.speaker, None)] if heard.unreadable else [])

    async def _readings(self, said: Sequence[Said]) -> list[Reading]:
        bound = await self._flow.bindings(address for item in said for address in item.addresses)
        readings: list[Reading] = []
        for item in said:
            found = next((bound[address] for address in item.addresses if address in bound), [])
            readings += await self._read(item, found)
        return readings

    async def _read(self, item: Said, found: Sequence[Binding]) -> list[Reading]:
        """A report that nobody can read matters if it is a bound device's; a press, whosever it is."""
        topic, payload, now = item.delivery.topic, item.delivery.payload, self._clock.now()
        if item.happening is None:
            return [await self._flow.unbound(topic, payload, Why.UNREADABLE)] if found else []
        if not found:
            quiet = item.happening.quiet and not self._noticed.announced(item.happening)
            return [] if quiet else [await self._flow.unbound(topic, payload)]
        alarms = (relayed(topic, payload, item.happening, binding, now) for binding in found)
        return [alarm for alarm in alarms if alarm is not None]

    async def _notice(self, heard: Sequence[tuple[Delivery, Heard]]) -> None:
        """Keep for binding what has told of itself; what cannot be kept costs no alarm."""
        now = self._clock.now()
        found = [(it.topic, one) for it, what in heard for one in self._noticed.fresh(what.discovered, now)]
        if not found:
            return
        try:
            await insist(lambda: bindings.notice(self._database, found, now))
        except asyncpg.PostgresError:
            logger.exception("discovered.refused", extra={"count": len(found)})
