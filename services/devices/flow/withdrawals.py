"""What the broker must hear after a commit, said again if a kill came in between. One worker does it for all."""

import asyncio
import logging
from datetime import timedelta

import asyncpg

from services.devices.authority import AuthorityAwayError, DeviceAuthority
from services.devices.store import identity as store
from shared.runtime import log
from shared.runtime.clock import Clock, woken
from shared.runtime.database import AWAY, Database
from shared.runtime.logging import why

logger = logging.getLogger(__name__)

EVERY_S = 10.0
AFTER = timedelta(seconds=5)
"""Whoever decided it tells the broker within this time, unless it was killed."""


async def sweep(database: Database, clock: Clock, authority: DeviceAuthority, every_s: float = EVERY_S) -> None:
    """Sweep for ever; a withdrawal is in force within a minute, whatever dies.

    A revoked device is cut off once more even if all went well: it may have been let in while the revocation was
    being committed.
    """
    while True:
        try:
            await sweep_once(database, clock, authority)
        except (AuthorityAwayError, *AWAY, asyncpg.PostgresError) as fault:
            logger.warning("withdrawals.waiting", extra={"reason": why(fault)})
        await woken(asyncio.Event(), every_s)


async def sweep_once(database: Database, clock: Clock, authority: DeviceAuthority) -> int:
    """Tell the broker all it may not have heard, and return how many that were."""
    waiting = await store.untold(database, clock.now() - AFTER)
    for device in waiting:
        await tell(database, clock, authority, device)
    return len(waiting)


async def tell(database: Database, clock: Clock, authority: DeviceAuthority, device: str) -> None:
    """Tell the broker what is decided about this device by now; under its lock, so that nothing newer is undone.

    What is raised is one of AWAY, or AuthorityAwayError: it is all to be done again.
    """
    async with database.transaction() as connection:
        await log.lock(connection, [f"device/{device}"])
        decided = await store.decided(connection, device)
        if decided is not None and decided.revoked_at is not None:
            await authority.withdraw(device)
            if decided.revoked_at < clock.now() - AFTER:
                await store.withdrawn(connection, device, clock.now())
        elif decided is not None and decided.cut_at is not None:
            await authority.settle(device)
            await store.settled(connection, device)
