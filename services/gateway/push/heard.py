"""What the devices have committed reaches the desks at once, past dispatch and past the inboxes.

Nothing is written for it and nothing waits for it: a word that is lost is followed by the letter of the incident.
"""

import asyncio
import logging

from services.gateway.domain.heard import key_of
from services.gateway.push import frames
from services.gateway.push.hub import Hub
from services.gateway.store import heard
from shared.runtime import metrics
from shared.runtime.clock import Clock, stopwatch, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

LOOK_S = 1.0
AT_MOST = 200


class Heard:
    """Looks when the devices have stored something, and every second."""

    def __init__(self, database: Database, clock: Clock, hub: Hub, hint: asyncio.Event) -> None:
        """`database` reads the whole cell; `hint` is set when a device's stream has grown."""
        self._database = database
        self._clock = clock
        self._hub = hub
        self._hint = hint
        self._tidied_at = stopwatch()

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await woken(self._hint, LOOK_S)
            try:
                await self.look()
            except AWAY:
                logger.warning("heard.database_away")
                await woken(asyncio.Event(), LOOK_S)
            except Exception:
                logger.exception("heard.failed")  # the incidents' letters come all the same
                await woken(asyncio.Event(), LOOK_S)

    async def look(self) -> None:
        """Tell whoever listens what is new, and take back what an incident took in unseen."""
        if self._hub.has_desks:
            standing = self._hub.standing
            found = await heard.unanswered(self._database, standing.words.keys(), AT_MOST)
            for word in standing.begin(found, stopwatch()):
                self._hub.tell(word.inboxes, key_of(word.alarm), frames.heard(word))
                metrics.HEARD.observe(max(0.0, (self._clock.now() - word.at).total_seconds()))
        if stopwatch() - self._tidied_at >= LOOK_S:
            self._tidied_at = stopwatch()
            await self._tidy()

    async def _tidy(self) -> None:
        lingering = self._hub.standing.lingering(stopwatch())
        if not lingering:
            return
        async with self._database.pool.acquire() as connection:
            over = await heard.taken_in(connection, lingering)
        self._hub.take_back(self._hub.standing.end(over))
