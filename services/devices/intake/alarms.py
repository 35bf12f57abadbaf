"""Alarms of our own devices, from the broker into the flow."""

import orjson

from services.devices.domain.alarm import READ_BYTES, read
from services.devices.domain.quarantine import Why, stray
from services.devices.domain.topics import Leaf, place
from services.devices.flow.alarms import AlarmFlow, Reading
from shared.runtime.clock import Clock
from shared.runtime.mqtt import Consumer, Delivery

AT_MOST = 200
"""Alarms a transaction: keeps it well under a tenth of a second."""


async def follow(consumer: Consumer, flow: AlarmFlow, clock: Clock) -> None:
    """Take what arrived during the last commit, keep it, acknowledge it in the order it came; for ever."""
    try:
        while True:
            deliveries = await consumer.take(AT_MOST)
            await flow.keep([_reading(delivery, clock) for delivery in deliveries])
            consumer.acknowledge(deliveries)
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
