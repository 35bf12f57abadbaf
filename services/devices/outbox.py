"""What devices hear: receipts and commands."""

import asyncio
import logging
from collections.abc import Iterable, Sequence

import orjson

from services.devices.domain.told import Told
from services.devices.domain.topics import command_topic, receipt_topic
from services.devices.store.keys import Keys
from shared.contracts.device import DeviceCommand
from shared.runtime.clock import Clock
from shared.runtime.mqtt import Consumer

logger = logging.getLogger(__name__)

AT_ONCE = 50


class Receipts:
    """Publishes receipts over a worker's connection."""

    def __init__(self, consumer: Consumer, keys: Keys, clock: Clock) -> None:
        """Share the connection that brings the alarms; sign for devices that sign."""
        self._consumer = consumer
        self._keys = keys
        self._clock = clock

    def answer(self, told: Iterable[Told]) -> None:
        """Tell devices that their alarms are stored, at QoS 0: a device that misses it repeats its alarm.

        At QoS 1 the embedded broker writes each receipt to disk too, which cost half its alarms a second.
        """
        missed = [t for t in told if not self._consumer.send(receipt_topic(t.county, t.device), self.written(t), qos=0)]
        if missed:
            logger.warning("receipt.unsent", extra={"count": len(missed)})

    async def deliver(self, told: Sequence[Told]) -> list[Told]:
        """Publish, wait for the broker, and return those it has confirmed."""
        confirmed: list[Told] = []
        await self._keys.of((t.device for t in told if t.signed), self._clock.now())
        for start in range(0, len(told), AT_ONCE):
            some = told[start : start + AT_ONCE]
            sent = await asyncio.gather(
                *(self._consumer.publish(receipt_topic(t.county, t.device), self.written(t)) for t in some)
            )
            confirmed += [t for t, done in zip(some, sent, strict=True) if done]
        return confirmed

    def written(self, told: Told) -> bytes:
        """The receipt as it goes out; signed, where the alarm was and its key is at hand."""
        return orjson.dumps(told.wire(self._keys.at_hand(told.device) if told.signed else None))


class Spoken:
    """Commands to devices over a worker's connection."""

    def __init__(self, consumer: Consumer) -> None:
        """Share the connection that brings the alarms."""
        self._consumer = consumer

    async def say(self, county: str, device: str, command: DeviceCommand) -> bool:
        """Publish at QoS 1; False while the broker is away."""
        payload = command.model_dump_json(exclude_none=True).encode()
        return await self._consumer.publish(command_topic(county, device), payload)
