"""Whether seats can be heard and what they bear is looked at every two seconds, and told when it changes."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from services.gateway.domain.people import Identity
from services.gateway.flow import load
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

EVERY_S = 2
SETTLING = timedelta(seconds=25)
"""After a start the screens must find their way back first."""


class Seats:
    """Desk accounts with a screen open at this process, and whether one of their screens can be heard."""

    def __init__(self, database: Database, clock: Clock, ring: Callable[[], None]) -> None:
        """`database` reads the whole cell; `ring` tells the other processes after each commit."""
        self._database = database
        self._clock = clock
        self._ring = ring
        self._here: dict[str, bool] = {}

    def present(self, who: Identity, *, heard: bool) -> None:
        """At least one screen of this account is open; `heard` if one of them can sound."""
        if who.at_desk:
            self._here[who.account] = heard

    def absent(self, who: Identity) -> None:
        """The account's last screen is gone."""
        self._here.pop(who.account, None)

    async def run(self) -> None:
        """Look for ever."""
        started = self._clock.now()
        while True:
            await woken(asyncio.Event(), EVERY_S)
            now = self._clock.now()
            try:
                if now - started >= SETTLING and await load.keep_watch(self._database, now, list(self._here.items())):
                    self._ring()
            except AWAY:
                logger.warning("seats.database_away")
