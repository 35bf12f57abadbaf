"""What devices hear: receipts and commands."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Protocol

import orjson

from services.devices.domain.told import Told
from services.devices.domain.topics import command_topic, receipt_topic
from services.devices.store.keys import Keys
from shared.contracts.device import DeviceCommand
from shared.runtime import metrics
from shared.runtime.clock import Clock
from shared.runtime.mqtt import Consumer

logger = logging.getLogger(__name__)

AT_ONCE = 50
MOVES_S = 20.0
"""By then a device has noticed that its broker is gone, is at another one and has asked for its latest news."""


class Outlet(Protocol):
    """A way down to devices."""

    def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """Publish without waiting; False when it could not be handed on."""
        ...

    async def publish(self, topic: str, payload: bytes) -> bool:
        """Publish at QoS 1; False unless whoever listens there gets it."""
        ...


class EveryBroker:
    """All brokers at once, since only the device knows at which of them it is."""

    def __init__(self, consumers: Sequence[Consumer]) -> None:
        """Share the connections that bring the alarms."""
        self._consumers = tuple(consumers)

    def send(self, topic: str, payload: bytes, *, qos: int = 1) -> bool:
        """To whichever is there."""
        sent = [one.send(topic, payload, qos=qos) for one in self._consumers]
        return any(sent)

    async def publish(self, topic: str, payload: bytes) -> bool:
        """Confirmed when every broker has it at which a device may still be."""
        done = await asyncio.gather(*(one.publish(topic, payload) for one in self._consumers))
        pairs = zip(self._consumers, done, strict=True)
        return any(done) and not any(one.heard_within(MOVES_S) for one, confirmed in pairs if not confirmed)


class Receipts:
    """Publishes receipts over a worker's connections."""

    def __init__(self, outlet: Outlet, keys: Keys, clock: Clock) -> None:
        """Share what brings the alarms; sign for devices that sign."""
        self._outlet = outlet
        self._keys = keys
        self._clock = clock

    def answer(self, told: Iterable[Told]) -> None:
        """Tell devices that their alarms are stored, at QoS 0: a device that misses it repeats its alarm.

        At QoS 1 the embedded broker writes each receipt to disk too, which cost half its alarms a second.
        """
        missed = [t for t in told if not self._outlet.send(receipt_topic(t.county, t.device), self.written(t), qos=0)]
        if missed:
            metrics.RECEIPTS_UNSENT.inc(len(missed))
            logger.warning("receipt.unsent", extra={"count": len(missed)})

    async def deliver(self, told: Sequence[Told]) -> list[Told]:
        """Publish, wait for the broker, and return those it has confirmed."""
        confirmed: list[Told] = []
        await self._keys.of((t.device for t in told if t.signed), self._clock.now())
        for start in range(0, len(told), AT_ONCE):
            some = told[start : start + AT_ONCE]
            sent = await asyncio.gather(
                *(self._outlet.publish(receipt_topic(t.county, t.device), self.written(t)) for t in some)
            )
            confirmed += [t for t, done in zip(some, sent, strict=True) if done]
        return confirmed

    def written(self, told: Told) -> bytes:
        """The receipt as it goes out; signed, where the alarm was and its key is at hand."""
        return orjson.dumps(told.wire(self._keys.at_hand(told.device) if told.signed else None))


class Spoken:
    """Commands to devices over a worker's connections."""

    def __init__(self, outlet: Outlet) -> None:
        """Share what brings the alarms."""
        self._outlet = outlet

    async def say(self, county: str, device: str, command: DeviceCommand) -> bool:
        """Publish at QoS 1; False while the broker is away."""
        payload = command.model_dump_json(exclude_none=True).encode()
        return await self._outlet.publish(command_topic(county, device), payload)
