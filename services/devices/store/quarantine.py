"""What could not be placed (devices.set_aside)."""

from datetime import datetime

from services.devices.domain.quarantine import Stray
from shared.runtime.database import Database
from shared.vocabulary.ids import uuid7

SET_ASIDE = "SELECT devices.set_aside($1, $2, $3, $4, $5, $6, $7, $8, $9)"


async def set_aside(database: Database, stray: Stray, now: datetime, actor: str) -> None:
    """Store it raw and tell the desk, in one transaction."""
    await database.pool.execute(
        SET_ASIDE, uuid7(now), uuid7(now), stray.digest, stray.topic, stray.payload, stray.reason, stray.county,
        now, actor,
    )  # fmt: skip
