"""The one who calls."""

from shared.runtime.database import Database, Record


async def find(database: Database, elder: str, scope: str) -> Record | None:
    """An elder within the scope."""
    return await database.pool.fetchrow(
        "SELECT id, home_id, division FROM dispatch.elder WHERE id = $1 AND starts_with(division, $2)", elder, scope
    )
