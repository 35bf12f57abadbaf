"""Seals what lies open, or under an older key, in every column whose type says that it is sealed.

Piece by piece, while everybody works: what is written meanwhile is sealed already, and both keys open. With keys that
only open, everything lies open again, as a version that knows none needs it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from shared.runtime.database import Connection, speak
from shared.runtime.sealed import SUITE, UNREADABLE, Fields

PAGES = 8
"""Of the table, a transaction: some hundred rows, tens of milliseconds."""
FORGOTTEN = "已注销"
COLUMNS = """
SELECT format('%I.%I', n.nspname, c.relname) AS name, array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns,
       (pg_relation_size(c.oid) / current_setting('block_size')::integer)::integer AS pages
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('dispatch', 'devices', 'gateway') AND c.relkind = 'r' AND NOT a.attisdropped
  AND a.atttypid IN ('varchar'::regtype, 'bpchar'::regtype)
GROUP BY 1, c.oid ORDER BY 1
"""


class LostKeyError(Exception):
    """Something is sealed under a key that the ring does not have; the text names the table."""


@dataclass(frozen=True, slots=True)
class _Table:
    name: str
    columns: Sequence[str]
    pages: int

    def older(self, current: str) -> str:
        """Rows in a stretch of pages of which a word does not lie under the current key; without one, is sealed."""
        sealed = f"starts_with({{0}}, '{SUITE}:')"
        other = f"({{0}} <> '' AND {{0}} <> '{FORGOTTEN}' AND NOT starts_with({{0}}, '{SUITE}:{current}:'))"
        stale = " OR ".join((other if current else sealed).format(name) for name in self.columns)
        return (
            f"SELECT ctid, {', '.join(self.columns)} FROM {self.name} "  # noqa: S608  names of our own tables
            f"WHERE ctid >= format('(%s,0)', $1::integer)::tid AND ctid < format('(%s,0)', $2::integer)::tid "
            f"AND ({stale}) FOR UPDATE"
        )

    def update(self) -> str:
        """The same words again: they are sealed on their way in."""
        words = ", ".join(f"{column} = ${n}" for n, column in enumerate(self.columns, 2))
        return f"UPDATE {self.name} SET {words} WHERE ctid = $1"  # noqa: S608  the same


async def seal(owner_url: str, fields: Fields) -> dict[str, int]:
    """Rows written anew, by table. Without keys there is nothing to do; LostKeyError rather than losing a word."""
    if not fields.keys:
        return {}
    owner = await asyncpg.connect(owner_url, timeout=5)
    try:
        await speak(owner, fields)
        tables = [_Table(row["name"], row["columns"], row["pages"]) for row in await owner.fetch(COLUMNS)]
        return {table.name: done for table in tables if (done := await _sealed(owner, table, fields.current))}
    finally:
        await owner.close()


async def _sealed(owner: Connection, table: _Table, current: str) -> int:
    done = 0
    for page in range(0, table.pages, PAGES):
        async with owner.transaction():
            rows = await owner.fetch(table.older(current), page, page + PAGES)
            if any(UNREADABLE in row.values() for row in rows):
                raise LostKeyError(f"{table.name}: a key is missing from YINLING_FIELD_KEYS 缺少密钥")
            await owner.executemany(table.update(), [tuple(row.values()) for row in rows])
        done += len(rows)
    return done
