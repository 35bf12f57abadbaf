"""What screens report goes into the log: seen, once an event; reachable, on change only."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.gateway.domain.people import Identity
from services.gateway.domain.streams import SeenRef
from services.gateway.flow.inbox import believed_reachable, believed_unreachable, reachable_event, record, seen_event
from services.gateway.store.screens import Screen
from shared.runtime import metrics
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.failpoint import reach
from shared.runtime.log import NewEvent
from shared.vocabulary.ids import made_at

logger = logging.getLogger(__name__)

GATHER_S = 0.05
AGAIN_S = 0.5
INSIST_S = 10
AT_ONCE = 200
REMEMBERED = 50_000
GONE_AFTER = timedelta(seconds=20)


class Screens:
    """Gathers reports and writes them in batches of 50 ms; keeps them while the database is away."""

    def __init__(self, database: Database, clock: Clock, ring: Callable[[], None]) -> None:
        """`ring` tells the other processes after each commit."""
        self._database = database
        self._clock = clock
        self._ring = ring
        self._waiting: list[NewEvent] = []
        self._filled = asyncio.Event()
        self._seen: dict[tuple[str, UUID, bool], None] = {}
        self._said: dict[str, bool] = {}
        self._here: dict[str, Screen] = {}
        self._leaving: dict[str, tuple[datetime, Screen]] = {}
        self._left = asyncio.Event()

    def seen(self, who: Identity, inbox: str, refs: Mapping[UUID, SeenRef], ring: str) -> None:
        """Report what was drawn; the first seat to see a desk's event speaks for the desk."""
        for one, ref in refs.items():
            key = (inbox, one, ring == "ok")
            if key not in self._seen and (inbox, one, True) not in self._seen:
                self._seen[key] = None
                self._write(seen_event(who, ref, ring, one, self._clock.now()))
                metrics.SEEN.observe(max(0.0, (self._clock.now() - made_at(one)).total_seconds()))
        while len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]

    def present(self, who: Identity, *, ringable: bool) -> None:
        """At least one console of this account is open; `ringable` if one of them is visible and can ring."""
        self._leaving.pop(who.account, None)
        if who.responder is not None:
            screen = self._here[who.account] = Screen(who.account, who.responder, who.division)
            self._say(screen, reachable=ringable)

    def absent(self, who: Identity) -> None:
        """The account's last console is gone; it has 20 s to come back."""
        if screen := self._here.pop(who.account, None):
            self._leave(screen)

    def _leave(self, screen: Screen) -> None:
        self._leaving[screen.account] = (self._clock.now() + GONE_AFTER, screen)
        self._left.set()

    def _say(self, screen: Screen, *, reachable: bool) -> None:
        if self._said.get(screen.account) != reachable:
            self._said[screen.account] = reachable
            self._write(reachable_event(screen, self._clock.now(), reachable=reachable))

    def _write(self, event: NewEvent) -> None:
        self._waiting.append(event)
        self._filled.set()

    async def run(self) -> None:
        """Write and watch for ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._writing())
            tasks.create_task(self._watching())
            tasks.create_task(self._insisting())

    async def _writing(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                batch = self._waiting[:AT_ONCE]
                if await self._written(batch):
                    del self._waiting[: len(batch)]
                await woken(asyncio.Event(), GATHER_S)

    async def _written(self, batch: Sequence[NewEvent]) -> bool:
        try:
            await record(self._database, batch, self._clock.now())
        except AWAY:
            logger.warning("screens.database_away")
            await woken(asyncio.Event(), AGAIN_S)
            return False
        reach("screens.committed")
        self._ring()
        return True

    async def _watching(self) -> None:
        await self._inherit()
        while True:
            next_due = min((due for due, _ in self._leaving.values()), default=None)
            await self._clock.wait_until(next_due, self._left, 1)
            self._gone(self._clock.now())

    async def _inherit(self) -> None:
        """Consoles of the process before this one have 20 s to come back, too."""
        while True:
            try:
                believed = await believed_reachable(self._database)
            except AWAY:
                await woken(asyncio.Event(), AGAIN_S)
            else:
                break
        for screen in believed:
            if screen.account not in self._said:
                self._leave(screen)

    async def _insisting(self) -> None:
        """Another gateway may have said that somebody is gone who is here."""
        while True:
            await woken(asyncio.Event(), INSIST_S)
            ringing = {one.responder: one for one in self._here.values() if self._said.get(one.account)}
            try:
                wrong = await believed_unreachable(self._database, ringing) if ringing else set()
            except AWAY:
                continue
            for responder in wrong:
                self._write(reachable_event(ringing[responder], self._clock.now(), reachable=True))

    def _gone(self, now: datetime) -> None:
        for due, screen in list(self._leaving.values()):
            if due <= now:
                del self._leaving[screen.account]
                self._say(screen, reachable=False)
