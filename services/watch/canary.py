"""A county's canary: presses every twenty seconds, and somebody must be told to come within ten.

The press goes by MQTT as any button's, the answer by WebSocket and HTTP as any responder's, and what comes back is the
receipt at the button. Nothing is looked up in the database: what people can't see, the canary can't see either.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from services.watch.button import Button
from services.watch.console import Console
from services.watch.probe import Probe, Reached, Standing, wait_s
from shared.contracts.events import WatchBreach
from shared.runtime import metrics
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.mqtt import Broker
from shared.runtime.settings import Settings

logger = logging.getLogger(__name__)

FIGURES_EVERY = timedelta(minutes=10)

Tell = Callable[[WatchBreach, str], Awaitable[bool]]
"""Raises a breach for a division; False when it could not be stored, so that it is tried again."""


class Canary:
    """One county's canary."""

    def __init__(self, county: str, settings: Settings, clock: Clock, tell: Tell) -> None:
        """Nothing connects before `run`."""
        name, secret = f"CANARY-{county}", settings.canary_secret.get_secret_value()
        self.standing = Standing()
        self._county = county
        self._clock = clock
        self._tell = tell
        self._every_s, self._limit_s = settings.canary_every_s, settings.canary_limit_s
        brokers = [Broker(host, port, name, secret, settings.tls_ca) for host, port in settings.brokers()]
        gateways = (settings.gateway_url, *settings.gateway_also)
        self._button = Button(county, brokers, self._heard)
        self._console = Console(gateways, f"canary-{county}", secret, self._see)
        self._probe = Probe(name, int(clock.now().timestamp()), 0, clock.now())
        self._figures_due = clock.now()
        self._moved = asyncio.Event()

    async def run(self) -> None:
        """Press for ever. A fault of its own must not stop the checks: it is told, and the canary begins again."""
        while True:
            try:
                await self._work()
            except Exception:
                logger.exception("canary.failed", extra={"county": self._county})
            await woken(asyncio.Event(), self._limit_s)

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for work in (self._button.stay(), self._console.stay(), self._keep_pressing()):
                tasks.create_task(work)

    async def _keep_pressing(self) -> None:
        await self._both_ends()
        while True:
            due = stopwatch() + self._every_s
            await self.press()
            self._keep_figures(self._clock.now())
            await woken(asyncio.Event(), due - stopwatch())

    async def _both_ends(self) -> None:
        """Let the house come up first; what is not there by the time of the next press is missing."""
        try:
            async with asyncio.timeout(self._every_s):
                await self._button.live.wait()
                await self._console.live.wait()
        except TimeoutError:
            logger.warning("canary.alone", extra={"county": self._county})

    async def press(self) -> None:
        """Press once and judge what came of it."""
        self._probe = self._probe.next(self._clock.now())
        try:
            async with asyncio.timeout(self._limit_s):
                await self._repeat()
                await self._until(lambda probe: probe.reached is Reached.RETURNED)
        except TimeoutError:
            await self._missing()
        else:
            self._back(self._clock.now())

    async def _repeat(self) -> None:
        """Send the press again until its receipt comes, as the wire contract asks of a device."""
        attempt = 0
        while not self._probe.heard:
            attempt += 1
            if await self._button.send(self._probe.alarm(attempt)):
                self._see(Reached.SENT)
            try:
                async with asyncio.timeout(wait_s(attempt)):
                    await self._until(lambda probe: probe.heard)
            except TimeoutError:
                continue

    async def _until(self, wanted: Callable[[Probe], bool]) -> None:
        while not wanted(self._probe):
            self._moved.clear()
            await self._moved.wait()

    def _see(self, stage: Reached) -> None:
        self._probe = self._probe.at(stage)
        self._moved.set()

    def _heard(self, eid: str, stage: str) -> None:
        self._probe = self._probe.told(eid, stage)
        self._moved.set()

    def _back(self, now: datetime) -> None:
        since, self.standing = self.standing.missing_since, self.standing.back(self._probe, now)
        metrics.CANARY.observe((now - self._probe.pressed_at).total_seconds())
        if since is not None:
            away_s = round((now - since).total_seconds())
            logger.warning("canary.recovered", extra={"county": self._county, "away_s": away_s})

    async def _missing(self) -> None:
        self.standing = self.standing.lost(self._probe)
        metrics.CANARY_MISSED.labels(self._county).inc()
        detail = {"county": self._county, "reached": self._probe.reached.word}
        logger.error("canary.missing", extra={"county": self._county, "reached": detail["reached"]})
        now = self._clock.now()
        if self.standing.must_tell(now) and await self._tell(
            WatchBreach(check="canary_missing", detail=detail), self._county
        ):
            self.standing = self.standing.told(now)

    def _keep_figures(self, now: datetime) -> None:
        """Keep a count in the log, from the first press on, so that a month of it can be added up."""
        if now < self._figures_due:
            return
        self._figures_due = now + FIGURES_EVERY
        it = self.standing
        logger.info(
            "watch.canary",
            extra={
                "county": self._county, "sent": it.sent, "returned": it.returned, "missed": it.missed,
                "last_ms": it.last_ms,
            },
        )  # fmt: skip
