"""Housekeeping by the clock: inbox events are for resuming, the log keeps everything."""

import logging

from services.gateway.accounts import Accounts
from services.gateway.domain.streams import KEPT
from services.gateway.flow import maps, retention
from services.gateway.store import inboxes
from shared.runtime.clock import Clock
from shared.runtime.database import AWAY, Database

logger = logging.getLogger(__name__)

EVERY_S = 60
PIECE = 500


async def keep_house(database: Database, clock: Clock, accounts: Accounts) -> None:
    """Delete what is too old, a small piece at a time, for ever."""
    while True:
        await clock.sleep(EVERY_S)
        try:
            while await inboxes.trim(database, clock.now() - KEPT, PIECE) == PIECE:
                pass
            await accounts.forget()
            while await maps.forget_tracks(database, clock.now() - KEPT, PIECE) == PIECE:
                pass
            await retention.forget(database, clock.now())
        except AWAY:
            logger.warning("housekeeping.database_away")
