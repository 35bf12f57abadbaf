"""Alarms of our own devices, from the broker into the flow."""

import asyncio

import orjson

from services.devices.domain.alarm import READ_BYTES, read
from services.devices.domain.quarantine import Why, stray
from services.devices.domain.topics import Leaf, place
from services.devices.flow.alarms import AlarmFlow, Reading
from shared.runtime.clock import Clock, woken
from shared.runtime.failpoint import reach
from shared.runtime.mqtt import Consumer, Delivery

AT_MOST = 200
"""Alarms a transaction: keeps it well under a tenth of a second."""
COPIES_WAIT_S = 0.2
"""What the first worker has stored is a copy to the others: gathered, many of them cost what one does."""


async def follow(consumer: Consumer, flow: AlarmFlow, clock: Clock, gather_s: float = 0.0) -> None:
    """Take what arrived during the last commit, keep it, acknowledge it in the order it came; for ever.

    A worker that is there for the first one's death gathers for `gather_s` before each while all it gets are copies.
    """
    try:
        while True:
            deliveries = await consumer.take(AT_MOST)
            if gather_s and flow.copying:
                await woken(asyncio.Event(), gather_s)
                deliveries += consumer.arrived(AT_MOST - len(deliveries))
            reach("alarms.taken")
            await flow.keep([_reading(delivery, clock) for delivery in deliveries])
            consumer.acknowledge(deliveries)
            reach("alarms.acknowledged")
    finally:
        await flow.close()


def _reading(delivery: Delivery, clock: Clock) -> Reading:
    whose = place(delivery.topic, Leaf.ALARM)
    if whose is None:
        return stray(delivery.topic, delivery.payload, Why.NO_PLACE)
    return read(
        whose, delivery.topic, delivery.payload, content(delivery.payload), clock.now(), retained=delivery.retained
    )


def content(payload: bytes) -> object:
    """The payload's JSON; None where it is broken or far too long."""
    if len(payload) > READ_BYTES:
        return None
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
