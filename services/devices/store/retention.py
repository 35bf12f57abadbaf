"""What devices sent, word for word, is kept for a time; which press it was and what became of it stays."""

from datetime import datetime
from uuid import UUID

from shared.runtime.database import Connection
from shared.vocabulary.ids import uuid7

FORGET = """
WITH old AS (SELECT id FROM devices.raw_event WHERE id > $1 AND id < $2 ORDER BY id LIMIT $3),
gone AS (UPDATE devices.raw_event e SET payload = '' FROM old WHERE e.id = old.id AND e.payload <> '')
SELECT id FROM old ORDER BY id DESC LIMIT 1
"""
STRAYS = """
UPDATE devices.quarantine SET payload = '' WHERE id IN (
    SELECT id FROM devices.quarantine WHERE payload <> '' AND last_at < $1 LIMIT $2)
"""
ZEROS = bytes(10)


async def forget(connection: Connection, above: UUID, before: datetime, most: int) -> UUID | None:
    """Empty the payloads of so many alarms above an id; the last of them, None when there are no more so old."""
    last: UUID | None = await connection.fetchval(FORGET, above, uuid7(before, ZEROS), most)
    return last


async def forget_strays(connection: Connection, before: datetime, most: int) -> int:
    """The same for what could not be placed; how many there were."""
    done = await connection.execute(STRAYS, before, most)
    return int(done.rpartition(" ")[2])
