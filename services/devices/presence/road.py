"""Once a second: who is silent, what is wrong, what has changed; into the database in short pieces."""

import asyncio
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import asyncpg

from services.devices.presence.ear import Ear
from services.devices.presence.gathering import OFFLINE, Gathering
from services.devices.presence.roll import Roll, Watched
from services.devices.store import faults as book
from services.devices.store import health as store
from services.devices.store.health import AT_ONCE, Fault
from shared.runtime import metrics
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.log import Wakeup
from shared.runtime.logging import why
from shared.runtime.mqtt import Delivery
from shared.vocabulary.devices import FaultKind
from shared.vocabulary.ids import uuid7

logger = logging.getLogger(__name__)

EVERY_S = 1.0
PAUSE_S = 0.05
AT_MOST = 5000
STOOD_STILL_S = 5.0
MARK_EVERY = timedelta(seconds=10)
LOOK_EVERY = timedelta(seconds=3)
READ_EVERY = timedelta(seconds=30)
FAULTS = (*AWAY, asyncpg.PostgresError)

T = TypeVar("T")


class Road:
    """The presence of everything that is registered."""

    def __init__(self, database: Database, clock: Clock, ear: Ear, wakeup: Wakeup) -> None:
        """Nothing is known before `load`."""
        self.roll = Roll()
        self.gathering = Gathering(self.roll)
        self.ticks = 0
        self._database = database
        self._clock = clock
        self._ear = ear
        self._wakeup = wakeup
        self._shape: tuple[object, ...] = ()
        self._looked_at = self._read_at = self._marked_at = self._counted_at = clock.now()
        self._gaps_stored = 0
        self._counted = 0

    async def run(self) -> None:
        """Take over what the database holds, then hear and look for ever."""
        await self.load()
        async with asyncio.TaskGroup() as tasks:
            for work in (self._ear.run(), self.listen(), self._look()):
                tasks.create_task(work)

    async def load(self) -> None:
        """Take over what the database holds; waits for it as long as it takes."""
        while True:
            try:
                await self._load()
            except FAULTS as fault:
                logger.warning("presence.database_away", extra={"reason": why(fault)})
                await woken(asyncio.Event(), EVERY_S)
            else:
                return

    async def listen(self) -> None:
        """Take what has arrived, for ever; in handfuls, since nothing here is a matter of milliseconds."""
        arrivals = self._ear.arrivals
        while True:
            deliveries = await arrivals.take(AT_MOST)
            now = self._clock.now()
            for delivery in deliveries:
                self._hear(delivery, now)
            if deliveries:
                metrics.HEARTBEATS.inc(len(deliveries))
                self._ear.heard_at = now
            await woken(asyncio.Event(), PAUSE_S)

    async def tick(self, now: datetime) -> None:
        """One second's work; what fails is done in the next."""
        self.roll.look(self._ear.ears, now)
        for step in (self._open, self._change, self._end, self._grow, self._write, self._mark, self._registry):
            try:
                await step(now)
            except FAULTS as fault:
                logger.warning("presence.not_written", extra={"step": step.__name__, "reason": why(fault)})
        self._count(now)

    async def _look(self) -> None:
        while True:
            begun = stopwatch()
            await self._clock.wait_until(None, asyncio.Event(), EVERY_S)
            self._stood_still(stopwatch() - begun)
            await self.tick(self._clock.now())
            self.ticks += 1

    def _hear(self, delivery: Delivery, now: datetime) -> None:
        try:
            self.roll.hear(delivery, now)
        except Exception:
            logger.exception("presence.not_understood", extra={"root": delivery.topic.partition("/")[0]})

    async def _load(self) -> None:
        now = self._clock.now()
        gaps, heard_up_to = await store.gaps(self._database, now)
        known_faults = await store.open_faults(self._database)
        stored = await book.outages(self._database)
        await self._read(known_faults)
        self._ear.recall(gaps, heard_up_to)
        self._gaps_stored = len(gaps)
        self.gathering.recall(stored)

    async def _read(self, faults: dict[str, dict[FaultKind, Fault]]) -> None:
        """The whole registry, a thousand at a time; who is not in it any more is forgotten."""
        self._shape = await store.shape(self._database)
        there: set[str] = set()
        last = ""
        while page := await store.known(self._database, last):
            self.roll.register(page, faults)
            there.update(one.device for one in page)
            last = page[-1].device
        self.roll.bind(await store.addresses(self._database))
        for device in self.roll.devices.keys() - there:
            self.roll.forget(device)

    async def _registry(self, now: datetime) -> None:
        """Every few seconds: have devices come or gone? Else read it all again now and then."""
        if now < self._looked_at + LOOK_EVERY:
            return
        self._looked_at = now
        if now >= self._read_at + READ_EVERY or await store.shape(self._database) != self._shape:
            await self._read({})
            self._read_at = now

    async def _open(self, now: datetime) -> None:
        """New faults, after the report of the outage they belong to."""
        silent = self.gathering.sort(now)
        for outage in [it for it in self.gathering.outages.values() if not it.stored]:
            group = outage.group
            await book.begin_outage(self._database, group, now)
            outage.was_told(group, now)
            self._wakeup.ring("outage")
        new = [self._fault(it, OFFLINE, it.changed or now, outage) for it, outage in silent]
        new += [self._fault(it, kind, now, None) for it, kind in self._ailing()]
        for piece in _pieces(new):
            opened = await book.open_them(
                self._database, [fault for _, fault in piece], _health(it for it, _ in piece), now
            )
            self._opened({it.id: it for it, _ in piece}, opened)
            self._wakeup.ring("device")

    def _opened(self, devices: dict[str, Watched], opened: Sequence[Fault]) -> None:
        for fault in opened:
            it = devices[fault.device]
            self.roll.note(it, {**it.faults, fault.kind: fault})
            if fault.kind is OFFLINE and fault.outage is None:
                self.gathering.told_alone(it, fault)

    def _ailing(self) -> Iterator[tuple[Watched, FaultKind]]:
        for it in self.roll.uneasy:
            if it.placed:
                yield from ((it, kind) for kind in it.wrong if kind is not OFFLINE and kind not in it.faults)

    def _fault(self, it: Watched, kind: FaultKind, since: datetime, outage: UUID | None) -> tuple[Watched, Fault]:
        return it, Fault(uuid7(since), it.id, kind, since, self.roll.protects(it, kind), outage)

    async def _change(self, now: datetime) -> None:
        """What has become graver, or belongs elsewhere than it was told."""
        changed = [(it, new) for it in self.roll.uneasy for new in self._told_anew(it)]
        for piece in _pieces(changed):
            await book.change_them(self._database, [fault for _, fault in piece], now)
            for it, fault in piece:
                self.roll.note(it, {**it.faults, fault.kind: fault})
            self._wakeup.ring("device")

    def _told_anew(self, it: Watched) -> Iterator[Fault]:
        for kind, fault in it.faults.items():
            if kind not in it.wrong:
                continue
            if kind is OFFLINE:
                new = self.gathering.settled(it, fault)
            else:
                new = replace(fault, protects=fault.protects or self.roll.protects(it, kind))
            if new != fault:
                yield new

    async def _end(self, now: datetime) -> None:
        """What is over by itself."""
        over = [(it, fault) for it in self.roll.uneasy for kind, fault in it.faults.items() if kind not in it.wrong]
        for piece in _pieces(over):
            there = [it for it, _ in piece if it.id in self.roll.devices]
            await book.end_them(self._database, [fault for _, fault in piece], _health(there), now)
            for it, fault in piece:
                self.roll.note(it, {kind: kept for kind, kept in it.faults.items() if kind is not fault.kind})
            self._wakeup.ring("device")

    async def _grow(self, now: datetime) -> None:
        """How far the outages have come."""
        for outage in self.gathering.over():
            if outage.stored:
                await book.end_outage(self._database, outage.group, now)
                self._wakeup.ring("outage")
            del self.gathering.outages[outage.id]
        for outage in self.gathering.outages.values():
            if outage.stored and outage.has_grown(now):
                group = outage.group
                await book.grow_outage(self._database, group, now)
                outage.was_told(group, now)
                self._wakeup.ring("outage")

    async def _write(self, _: datetime) -> None:
        """Everybody's health that has changed, a piece at a time."""
        changed = self.roll.changed
        for left in range(len(changed), 0, -AT_ONCE):
            piece = [changed.pop() for _ in range(min(AT_ONCE, left))]
            try:
                await store.write_quickly(self._database, _health(piece))
            except FAULTS:
                changed.update(piece)
                raise

    async def _mark(self, now: datetime) -> None:
        """Note up to when we have heard, and when we have not."""
        gaps = self._ear.gaps
        new = gaps[self._gaps_stored :]
        if new or now >= self._marked_at + MARK_EVERY:
            await store.remember(self._database, new, self._ear.deaf_from or now)
            self._gaps_stored += len(new)
            self._marked_at = now

    def _stood_still(self, seconds: float) -> None:
        if seconds > STOOD_STILL_S:
            now = self._clock.now()
            logger.warning("presence.stood_still", extra={"seconds": round(seconds, 1)})
            self._ear.missed(now - timedelta(seconds=seconds), now)

    def _count(self, now: datetime) -> None:
        heard = self.roll.heard
        if now >= self._counted_at + MARK_EVERY and sum(heard.values()) != self._counted:
            self._counted_at, self._counted = now, sum(heard.values())
            logger.info("presence.heard", extra={"devices": len(self.roll.devices), "heard": heard})


def _health(devices: Iterable[Watched]) -> list[store.Health]:
    """A row for each, even if it is among them twice."""
    return [it.health for it in {it.id: it for it in devices}.values()]


def _pieces(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]
