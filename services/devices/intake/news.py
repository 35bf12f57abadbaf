"""News from the log: which incident an alarm belongs to, and how far help has come."""

import asyncio
from collections.abc import Sequence

import asyncpg

from services.devices.domain.told import News, Placed, Told, latest
from services.devices.outbox import Receipts
from services.devices.store import receipts as store
from shared.contracts.events import AlarmPlaced, ReceiptChanged
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Connection, Database
from shared.runtime.failpoint import reach
from shared.runtime.log import Event, Follower, Wakeup
from shared.vocabulary.alarms import Stage

PLACED = frozenset({"incident.opened", "alarm.joined", "alarm.moved"})
CHANGED = "receipt.changed"
SWEEP_S = 1.0


class NewsDesk:
    """Follows the log as `devices.receipts`; whichever worker is active tells the devices."""

    def __init__(self, database: Database, clock: Clock, receipts: Receipts) -> None:
        """Tell devices through `receipts`."""
        self.follower = Follower("devices.receipts", {*PLACED, CHANGED}, self._handle, database, clock)
        self._database = database
        self._clock = clock
        self._receipts = receipts
        self._changed: list[Told] = []
        self._waiting: list[Told] = []
        self._wake = asyncio.Event()

    async def follow(self, wakeup: Wakeup) -> None:
        """Advance the receipts in the database, for ever."""
        await self.follower.run(wakeup, hears=("incident",), tells=(), after=self._committed)

    async def deliver(self) -> None:
        """Send what this worker has advanced, for ever."""
        while True:
            await woken(self._wake, SWEEP_S)
            waiting, self._waiting = self._waiting, []
            if waiting:
                await self._send(waiting)

    async def sweep(self) -> None:
        """Send what a killed worker or an absent broker left unsent, for ever; one worker at a time does this."""
        while True:
            try:
                await self._send(await store.unheard(self._database, self._clock.now()))
            except (*AWAY, asyncpg.PostgresError):
                pass
            await woken(asyncio.Event(), SWEEP_S)

    async def _handle(self, connection: Connection, events: Sequence[Event]) -> None:
        self._changed = []
        placed = [place for event in events if event.tag in PLACED for place in _placed(event)]
        news = latest(_news(event) for event in events if event.tag == CHANGED)
        self._changed = await store.tell(connection, placed, news, self._clock.now())

    def _committed(self) -> None:
        if self._changed:
            self._waiting += self._changed
            self._changed = []
            self._wake.set()

    async def _send(self, told: Sequence[Told]) -> None:
        """What is not confirmed or not marked here is found by the next sweep."""
        confirmed = await self._receipts.deliver(told)
        if confirmed:
            reach("receipts.delivered")
        try:
            await store.heard(self._database, confirmed)
        except (*AWAY, asyncpg.PostgresError):
            return


def _placed(event: Event) -> list[Placed]:
    body = AlarmPlaced.model_validate(event.body)
    return [Placed(body.alarm, body.incident)] if body.alarm else []


def _news(event: Event) -> News:
    body = ReceiptChanged.model_validate(event.body)
    return News(body.incident, Stage[body.stage.upper()], body.who, body.eta_s, body.say)
