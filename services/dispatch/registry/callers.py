"""Whose telephone a number is."""

from collections.abc import Sequence

from services.dispatch.domain.numbers import Callers
from shared.runtime.database import Database

CALLERS = """
SELECT (SELECT array_agg(DISTINCT id) FROM (
            SELECT e.id FROM dispatch.elder e WHERE dispatch.tokens(e.phone) && $1 AND starts_with(e.division, $2)
            UNION
            SELECT c.elder_id FROM dispatch.contact c
            WHERE dispatch.tokens(c.phone) && $1 AND starts_with(c.division, $2)) AS found) AS elders,
       (SELECT array_agg(r.id ORDER BY r.id) FROM dispatch.responder r
        WHERE dispatch.tokens(r.phone) && $1 AND starts_with(r.division, $2)) AS responders
"""
AT_MOST = 20


async def find(database: Database, spellings: Sequence[str], scope: str) -> Callers:
    """Everybody in the scope who has this number, in any of its spellings."""
    row = await database.pool.fetchrow(CALLERS, database.fields.whole(spellings), scope) if spellings else None
    if row is None:
        return Callers()
    return Callers(tuple(row["elders"] or ())[:AT_MOST], tuple(row["responders"] or ())[:AT_MOST])
