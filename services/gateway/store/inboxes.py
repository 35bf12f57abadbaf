"""Inboxes: contiguous events per person and per desk. The inbox row's lock gives the numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.gateway.domain.letters import Letter
from services.gateway.domain.streams import WINDOW, Position
from services.gateway.domain.wording import stamp
from shared.runtime.database import Connection, Database, Record
from shared.runtime.sealed import Private
from shared.vocabulary.ids import made_at

WRITE = """
WITH given AS (
    SELECT g.* FROM ROWS FROM (jsonb_to_recordset($1) AS (
        inboxes text[], id uuid, type text, at timestamptz, exp timestamptz, d jsonb, division text))
        WITH ORDINALITY AS g(inboxes, id, type, at, exp, d, division, n)
), addressed AS (
    SELECT inbox, g.id, g.type, g.at, g.exp, g.d, g.division,
           row_number() OVER (PARTITION BY inbox ORDER BY g.n) AS nth
    FROM given g CROSS JOIN unnest(g.inboxes) AS inbox
), bumped AS (
    UPDATE gateway.inbox i SET last_seq = i.last_seq + c.many
    FROM (SELECT inbox, count(*) AS many FROM addressed GROUP BY inbox) c
    WHERE i.id = c.inbox
    RETURNING i.id, i.last_seq - c.many AS base
)
INSERT INTO gateway.inbox_event (inbox, seq, id, type, at, exp, d, division)
SELECT a.inbox, b.base + a.nth, a.id, a.type, a.at, a.exp, a.d, a.division
FROM addressed a JOIN bumped b ON b.id = a.inbox
ORDER BY a.inbox, a.nth
RETURNING inbox, seq, id
"""
MAKE = """
INSERT INTO gateway.inbox (id, division, epoch)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING
"""
POSITIONS = """
SELECT i.id, i.epoch, i.last_seq,
       EXISTS (SELECT FROM gateway.inbox_event e WHERE e.inbox = i.id AND e.seq = g.seq + 1 AND e.at > $3) AS held
FROM unnest($1::text[], $2::bigint[]) AS g(id, seq) JOIN gateway.inbox i ON i.id = g.id
"""
AFTER = "SELECT * FROM gateway.inbox_event WHERE inbox = $1 AND seq > $2 ORDER BY seq LIMIT $3"
NEWER = """
SELECT i.epoch AS now_epoch, e.*
FROM unnest($1::text[], $2::text[], $3::bigint[]) AS g(id, epoch, seq)
JOIN gateway.inbox i ON i.id = g.id AND (i.last_seq > g.seq OR i.epoch <> g.epoch)
LEFT JOIN gateway.inbox_event e ON e.inbox = g.id AND e.seq > g.seq AND i.epoch = g.epoch
ORDER BY e.inbox, e.seq LIMIT $4
"""
CHANGED = """
SELECT i.id FROM unnest($1::text[], $2::text[]) AS g(id, epoch)
JOIN gateway.inbox i ON i.id = g.id AND i.epoch <> g.epoch
"""
BY_ID = """
SELECT * FROM gateway.inbox_event
WHERE at BETWEEN $3 AND $4 AND inbox = $1 AND id = ANY($2)
"""
LATELY = "SELECT id, at, d FROM gateway.inbox_event WHERE at > $3 AND inbox = $1 AND type = $2 ORDER BY seq"
DESKS = "SELECT id FROM gateway.inbox WHERE starts_with(id, 'd:')"
TRIM = """
DELETE FROM gateway.inbox_event WHERE (inbox, seq) IN (
    SELECT inbox, seq FROM gateway.inbox_event WHERE at < $1 ORDER BY at LIMIT $2)
"""
SLACK = timedelta(minutes=5)
SWEEP = 2000
PEOPLE = frozenset({"name", "from_name", "holder", "by", "place", "text", "note"})
"""Words about people in what a console is told, at any depth."""


@dataclass(frozen=True, slots=True)
class Post:
    """An event as it lies in an inbox."""

    inbox: str
    seq: int
    id: UUID
    type: str
    at: datetime
    exp: datetime | None
    d: dict[str, Any]
    division: str


@dataclass(frozen=True, slots=True)
class News:
    """What a sweep found: posts in order, and inboxes whose stream was rebuilt."""

    posts: tuple[Post, ...]
    rebuilt: tuple[str, ...]
    more: bool


async def write(connection: Connection, letters: Sequence[Letter]) -> list[Post]:
    """Write all letters in one statement; return what lies in existing inboxes, in order."""
    if not letters:
        return []
    by_id = {(letter.id, inbox): letter for letter in letters for inbox in letter.inboxes}
    rows = await connection.fetch(WRITE, [_given(letter) for letter in letters])
    posts = [_sent(row["inbox"], row["seq"], by_id[row["id"], row["inbox"]]) for row in rows]
    return sorted(posts, key=lambda post: (post.inbox, post.seq))


def _given(letter: Letter) -> dict[str, Any]:
    # the driver's UUID is not one that the JSON encoder knows
    own = {"id": str(letter.id), "d": _sealed(letter.d)}
    return {name: getattr(letter, name) for name in letter.__slots__} | own


def _sealed(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: Private(it) if name in PEOPLE and isinstance(it, str) else _sealed(it) for name, it in value.items()
        }
    return [_sealed(it) for it in value] if isinstance(value, list) else value


def _sent(inbox: str, seq: int, letter: Letter) -> Post:
    return Post(inbox, seq, letter.id, letter.type, letter.at, letter.exp, letter.d, letter.division)


def _post(row: Record) -> Post:
    return Post(
        row["inbox"], row["seq"], row["id"], row["type"], row["at"], row["exp"], row["d"], row["division"]
    )  # fmt: skip


async def make(connection: Connection, wanted: Mapping[str, str], epoch: str) -> None:
    """Make the inboxes (id → division) that do not exist."""
    await connection.execute(MAKE, list(wanted), list(wanted.values()), [epoch] * len(wanted))


async def positions(connection: Connection, after: Mapping[str, int], now: datetime) -> dict[str, Position]:
    """Where existing inboxes stand, seen from a client's positions."""
    rows = await connection.fetch(POSITIONS, list(after), list(after.values()), now - WINDOW)
    return {row["id"]: Position(row["id"], row["epoch"], row["last_seq"], row["held"]) for row in rows}


async def after(connection: Connection, inbox: str, seq: int, at_most: int) -> list[Post]:
    """Events of one inbox above a position."""
    return [_post(row) for row in await connection.fetch(AFTER, inbox, seq, at_most)]


async def newer(database: Database, heads: Mapping[str, tuple[str, int]]) -> News:
    """What came to these inboxes (id → epoch, seq) since; one query however many they are."""
    epochs, seqs = [epoch for epoch, _ in heads.values()], [seq for _, seq in heads.values()]
    rows = await database.pool.fetch(NEWER, list(heads), epochs, seqs, SWEEP)
    posts = tuple(_post(row) for row in rows if row["inbox"] is not None)
    lost = await database.pool.fetch(CHANGED, list(heads), epochs) if len(posts) < len(rows) else []
    return News(posts, tuple(row["id"] for row in lost), len(rows) == SWEEP)


async def by_ids(database: Database, inbox: str, ids: Iterable[UUID]) -> list[Post]:
    """Events by id; their identifiers carry the time, which is what the index knows."""
    wanted = list(ids)
    times = [made_at(one) for one in wanted]
    rows = await database.pool.fetch(BY_ID, inbox, wanted, min(times) - SLACK, max(times) + SLACK)
    return [_post(row) for row in rows]


async def lately(connection: Connection, inbox: str, type_: str, since: datetime) -> list[dict[str, Any]]:
    """What events of one type said since then, with their `id` and `at`."""
    rows = await connection.fetch(LATELY, inbox, type_, since)
    return [{**row["d"], "id": str(row["id"]), "at": stamp(row["at"])} for row in rows]


async def desks(connection: Connection) -> tuple[str, ...]:
    """Every desk's inbox."""
    return tuple(row["id"] for row in await connection.fetch(DESKS))


async def trim(database: Database, before: datetime, at_most: int) -> int:
    """Delete a small piece of what is too old; return how much it was."""
    done = await database.pool.execute(TRIM, before, at_most)
    return int(done.rsplit(" ", 1)[1])
