"""The log as it is sealed, and the seals. The statement that writes an event as a line is what is proved by them."""

from collections.abc import AsyncIterator
from datetime import datetime

from services.gateway.domain.sealing import Place, Seal
from shared.runtime.database import Connection, Record

LINE = """
jsonb_build_array(e.position, e.era, e.txid::text, e.id, e.stream, e.stream_id, e.stream_seq, e.tag, e.body,
    e.body_version, e.division, (extract(epoch FROM e.happened_at) * 1000000)::bigint,
    (extract(epoch FROM e.recorded_at) * 1000000)::bigint, e.actor, e.cause)::text
"""
AFTER = "(e.era, e.txid, e.position) > ($1, $2::text::xid8, $3)"
UPTO = "(e.era, e.txid, e.position) <= ($4, $5::text::xid8, $6)"
READ = f"SELECT e.era, e.txid::text::bigint AS txid, e.position, {LINE} AS line FROM log.event e WHERE {AFTER}"  # noqa: S608  constants
ORDER = " ORDER BY e.era, e.txid, e.position"
SETTLED = "(e.era < (SELECT era FROM log.era) OR e.txid < pg_snapshot_xmin(pg_current_snapshot()))"
UNSEALED = f"{READ} AND {SETTLED} {ORDER} LIMIT $4"
PIECE = f"{READ} AND {UPTO} {ORDER}"
LOWEST = -(2**62)
COLUMNS = "n, era, txid::text::bigint AS txid, position, count, root, prev, hash, at"
LAST = f"SELECT {COLUMNS} FROM log.seal ORDER BY n DESC LIMIT 1"  # noqa: S608  constants
ABOVE = f"SELECT {COLUMNS} FROM log.seal WHERE n > $1 ORDER BY n LIMIT 500"  # noqa: S608  constants
BEFORE = f"SELECT {COLUMNS} FROM log.seal WHERE at < $1 ORDER BY n DESC LIMIT 1"  # noqa: S608  constants
OPEN = f"SELECT count(*) FROM log.event e WHERE {AFTER} AND e.recorded_at >= $4 AND e.recorded_at < $5"  # noqa: S608  constants
ALONE = "SELECT pg_try_advisory_xact_lock(hashtextextended('log.seal', 0))"
ADD = """
INSERT INTO log.seal (n, era, txid, position, count, root, prev, hash, at)
VALUES ($1, $2, $3::text::xid8, $4, $5, $6, $7, $8, $9)
"""
GAPS = """
SELECT s.stream || '/' || s.stream_id AS name FROM log.stream s
FULL JOIN (SELECT stream, stream_id, count(*) AS many, max(stream_seq) AS last FROM log.event GROUP BY 1, 2) e
    USING (stream, stream_id)
WHERE (s.last_seq, s.last_seq) IS DISTINCT FROM (e.many, e.last) ORDER BY 1 LIMIT 20
"""


async def alone(connection: Connection) -> bool:
    """Whether nobody else seals at this moment; holds until the transaction ends."""
    return bool(await connection.fetchval(ALONE))


async def last(connection: Connection) -> Seal | None:
    """The head."""
    row = await connection.fetchrow(LAST)
    return None if row is None else _seal(row)


async def unsealed(connection: Connection, after: Place, most: int) -> list[tuple[Place, str]]:
    """Events above a place that nothing can come before any more, each as a line."""
    rows = await connection.fetch(UNSEALED, after.era, str(after.txid), after.position, most)
    return [(Place(row["era"], row["txid"], row["position"]), row["line"]) for row in rows]


async def piece(connection: Connection, after: Place, to: Place) -> list[str]:
    """Events between two places, as they are now."""
    given = (after.era, str(after.txid), after.position, to.era, str(to.txid), to.position)
    return [row["line"] for row in await connection.fetch(PIECE, *given)]


async def still_open(connection: Connection, head: Place, since: datetime, until: datetime) -> int:
    """How many events of a time lie behind a place."""
    given = (head.era, str(head.txid), head.position, since, until)
    return int(await connection.fetchval(OPEN, *given) or 0)


async def add(connection: Connection, seal: Seal) -> None:
    """Keep a seal."""
    to = seal.to
    await connection.execute(
        ADD, seal.n, to.era, str(to.txid), to.position, seal.count, seal.root, seal.prev, seal.hash, seal.at
    )  # fmt: skip


async def before(connection: Connection, at: datetime) -> Seal | None:
    """The last seal that was made before an instant."""
    row = await connection.fetchrow(BEFORE, at)
    return None if row is None else _seal(row)


async def every(connection: Connection, after: int = LOWEST) -> AsyncIterator[Seal]:
    """All seals behind a number, the first first."""
    n = after
    while rows := await connection.fetch(ABOVE, n):
        for row in rows:
            yield _seal(row)
        n = rows[-1]["n"]


async def gaps(connection: Connection) -> list[str]:
    """Streams whose events are not as many as were counted when they were written; twenty at most."""
    return [row["name"] or "?" for row in await connection.fetch(GAPS)]


def _seal(row: Record) -> Seal:
    return Seal(
        row["n"], Place(row["era"], row["txid"], row["position"]), row["count"], row["root"], row["prev"], row["hash"],
        row["at"],
    )  # fmt: skip
