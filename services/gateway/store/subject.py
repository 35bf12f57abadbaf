"""Everything that is held about one elder. Tables are found by the catalogue: one added later is in it by itself."""

from collections.abc import Sequence
from typing import Any

from shared.runtime.database import Connection

LEFT_OUT = ("content", "payload", "password_hash")
"""Pictures and sounds, what devices sent word for word, and what opens an account."""
WHOSE = {
    "elder_id": "= $1",
    "incident_id": "IN (SELECT id FROM dispatch.incident WHERE elder_id = $1)",
    "order_id": "IN (SELECT id FROM dispatch.service_order WHERE elder_id = $1)",
}
OWN = {
    "dispatch.elder": "id = $1",
    "dispatch.home": "id = (SELECT home_id FROM dispatch.elder WHERE id = $1)",
    "dispatch.phone_call": "$1 = ANY(elders)",
}
TABLES = """
WITH held AS (
    SELECT c.relnamespace::regnamespace || '.' || c.relname AS name, a.attname::text AS named,
           has_column_privilege(c.oid, a.attnum, 'SELECT') AS shown
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relnamespace::regnamespace::text IN ('dispatch', 'devices', 'gateway') AND c.relkind IN ('r', 'p')
          AND NOT c.relispartition
)
SELECT name, coalesce(array_agg(quote_ident(named)) FILTER (WHERE shown AND named <> ALL ($2)), '{}') AS columns,
       coalesce(array_agg(named) FILTER (WHERE shown AND named = ANY ($1)), '{}') AS by
FROM held GROUP BY name HAVING bool_or(named = ANY ($1)) OR name = ANY ($3) ORDER BY name
"""
READS = """
SELECT to_jsonb(e) - 'txid' - 'position' FROM log.event e
WHERE e.stream = 'access' AND e.body->>'elder' = $1 ORDER BY e.recorded_at
"""


async def held(connection: Connection, elder: str) -> tuple[dict[str, list[Any]], list[str]]:
    """Rows about her by table, and the tables with such rows that this role may not read."""
    tables = await connection.fetch(TABLES, list(WHOSE), list(LEFT_OUT), list(OWN))
    asked = {name: sql for name, columns, by in tables if (sql := _rows(name, columns, by))}
    found = {name: [row[0] for row in await connection.fetch(sql, elder)] for name, sql in asked.items()}
    found["log.event"] = [row[0] for row in await connection.fetch(READS, elder)]
    missing = [row["name"] for row in tables if row["name"] not in asked]
    return {name: rows for name, rows in found.items() if rows}, missing


def _rows(table: str, columns: Sequence[str], by: Sequence[str]) -> str:
    hers = OWN.get(table) or " OR ".join(f"{column} {WHOSE[column]}" for column in by)
    if not columns or not hers:
        return ""
    return f"SELECT to_jsonb(t) FROM (SELECT {', '.join(columns)} FROM {table} WHERE {hers}) AS t"  # noqa: S608  names of our own catalogue
