"""The canary's device: signs in at the broker as any button does, under its own name."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from itertools import cycle

import orjson

from shared.runtime.clock import woken
from shared.runtime.mqtt import AWAY, Broker, Link, session

logger = logging.getLogger(__name__)

AGAIN_S = 1.0
KEEPALIVE_S = 15

Heard = Callable[[str, str], None]
"""Told the event's id and the stage of each receipt."""


class Button:
    """One device that stays connected."""

    def __init__(self, county: str, brokers: Sequence[Broker], heard: Heard) -> None:
        """It is at one of them, whose `user` is the device's id; nothing connects yet."""
        self.live = asyncio.Event()
        self._device = brokers[0].user
        self._topic = f"yl/v1/{county}/{self._device}"
        self._brokers = cycle(brokers)
        self._heard = heard
        self._link: Link | None = None
        self._was_live = True

    async def stay(self) -> None:
        """Stay connected until cancelled."""
        while True:
            try:
                await self._visit()
            except AWAY as fault:
                self._lost(str(fault))
            await woken(asyncio.Event(), AGAIN_S)

    async def _visit(self) -> None:
        topics = [f"{self._topic}/down/receipt"]
        async with session(next(self._brokers), topics=topics, keepalive_s=KEEPALIVE_S) as link:
            self._link, self._was_live = link, True
            self.live.set()
            listening = asyncio.create_task(self._listen(link))
            try:
                await link.lost()
                self._lost("connection lost")
            finally:
                self._link = None
                self.live.clear()
                listening.cancel()

    async def _listen(self, link: Link) -> None:
        async for delivery in link.messages():
            try:
                receipt = orjson.loads(delivery.payload)
                self._heard(receipt["eid"], receipt["stage"])
            except (ValueError, KeyError, TypeError):
                logger.warning("canary.odd_receipt", extra={"device": self._device})

    async def send(self, alarm: dict[str, object]) -> bool:
        """Publish an alarm and tell whether the broker has taken it."""
        if self._link is None:
            return False
        try:
            await self._link.publish(f"{self._topic}/up/alarm", orjson.dumps(alarm))
        except AWAY:
            return False
        return True

    def _lost(self, why: str) -> None:
        """Said once, not at every try."""
        if self._was_live:
            logger.warning("canary.broker_away", extra={"device": self._device, "reason": why})
        self._was_live = False
