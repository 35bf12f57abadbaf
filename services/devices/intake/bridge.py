"""Foreign devices: one bridge for all, with its own session; a standby takes over when its lease ends."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.devices.adapters import TOPICS, happenings
from services.devices.domain.foreign import Binding, Happening, States, relayed
from services.devices.flow.alarms import AlarmFlow, Reading
from services.devices.intake.alarms import AT_MOST, content
from shared.runtime.clock import Clock
from shared.runtime.mqtt import Broker, Consumer, Delivery

CLIENT = "devices-bridge"


@dataclass(frozen=True, slots=True)
class Said:
    """What happened, and the message that said so."""

    delivery: Delivery
    happening: Happening


class Bridge:
    """Turns presses of foreign buttons into alarms of the devices they are bound to."""

    def __init__(self, broker: Broker, flow: AlarmFlow, clock: Clock) -> None:
        """Describe it; `run` is called while this worker has the lease."""
        self._broker = broker
        self._flow = flow
        self._clock = clock
        self._states = States()

    async def run(self) -> None:
        """Serve until cancelled."""
        consumer = Consumer(self._broker, CLIENT, TOPICS)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(consumer.run())
            tasks.create_task(self._follow(consumer))

    async def _follow(self, consumer: Consumer) -> None:
        try:
            while True:
                deliveries = await consumer.take(AT_MOST)
                said = [item for delivery in deliveries for item in self._said(delivery)]
                if said:
                    await self._flow.keep(await self._readings(said))
                consumer.acknowledge(deliveries)
        finally:
            await self._flow.close()

    def _said(self, delivery: Delivery) -> list[Said]:
        """What the broker kept from earlier tells of no press now."""
        if delivery.retained:
            return []
        found = happenings(delivery.topic, delivery.payload, content(delivery.payload))
        return [Said(delivery, happening) for happening in found if self._states.begins(happening)]

    async def _readings(self, said: Sequence[Said]) -> list[Reading]:
        bound = await self._flow.bindings(address for item in said for address in item.happening.addresses)
        readings: list[Reading] = []
        for item in said:
            found = next((bound[address] for address in item.happening.addresses if address in bound), [])
            readings += self._alarms(item, found) if found else [await self._unbound(item)]
        return readings

    def _alarms(self, item: Said, found: Sequence[Binding]) -> list[Reading]:
        topic, payload, now = item.delivery.topic, item.delivery.payload, self._clock.now()
        alarms = (relayed(topic, payload, item.happening, binding, now) for binding in found)
        return [alarm for alarm in alarms if alarm is not None]

    async def _unbound(self, item: Said) -> Reading:
        return await self._flow.unbound(item.delivery.topic, item.delivery.payload)
