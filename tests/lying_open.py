"""What somebody reads who has the database, or a copy of it, and no key."""

from collections.abc import Iterable

import asyncpg

TABLES = """
SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'
"""


async def lying_open(url: str, words: Iterable[str]) -> dict[str, set[str]]:
    """Which of these words stand in which table, in whatever column, as text or as bytes."""
    owner, sought = await asyncpg.connect(url), set(words)
    found: dict[str, set[str]] = {}
    try:
        for table in [row["name"] for row in await owner.fetch(TABLES)]:
            text = await owner.fetchval(f"SELECT string_agg(t::text, ' ') FROM {table} t") or ""
            if seen := {word for word in sought if word in text or word.encode().hex() in text}:
                found[table] = seen
    finally:
        await owner.close()
    return found
