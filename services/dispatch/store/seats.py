"""Who is on duty at which desk, and what was handed over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.dispatch.domain.seats import Post, Seat, waits
from services.dispatch.store import waits as waiting
from shared.runtime.database import Connection

KINDS = frozenset({"seats"})
LOAD = """
SELECT p.division, p.covered_by, p.uncovered_since, p.rung_at, p.expected_at,
       (SELECT jsonb_agg(to_jsonb(s) ORDER BY s.account) FROM dispatch.seat s WHERE s.division = p.division) AS seats
FROM dispatch.post p WHERE p.division = $1
"""
MANNED = "SELECT DISTINCT division FROM dispatch.seat WHERE division = ANY($1) AND confirmed_at > $2"
SITS = "SELECT division FROM dispatch.seat WHERE account = $1"
KEEP_POST = """
INSERT INTO dispatch.post (division, covered_by, uncovered_since, rung_at, expected_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (division) DO UPDATE SET covered_by = excluded.covered_by, uncovered_since = excluded.uncovered_since,
    rung_at = excluded.rung_at, expected_at = excluded.expected_at
"""
KEEP_SEATS = """
INSERT INTO dispatch.seat (account, division, name, since, confirmed_at, asked_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::bpchar[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])
ON CONFLICT (account) DO UPDATE SET division = excluded.division, name = coalesce(nullif(excluded.name, ''), seat.name),
    since = excluded.since, confirmed_at = excluded.confirmed_at, asked_at = excluded.asked_at
"""
GONE = "DELETE FROM dispatch.seat WHERE division = $1 AND NOT account = ANY($2)"
HAND_OVER = """
INSERT INTO dispatch.hand_over (id, division, from_account, from_name, to_account, to_name, to_division, note,
    incidents, at)
VALUES ($1, $2, $3, $4, $5, coalesce((SELECT name FROM dispatch.seat WHERE account = $5), ''), $6, $7, $8, $9)
"""
HELD = """
SELECT id FROM dispatch.incident
WHERE taken_by = $1 AND state NOT IN ('closed', 'false_alarm', 'merged') ORDER BY opened_at
"""
NAME = "SELECT name FROM dispatch.seat WHERE account = $1"


async def load(connection: Connection, division: str) -> Post:
    """A division's post as it stands; one that never had a seat is empty."""
    row = await connection.fetchrow(LOAD, division)
    if row is None:
        return Post(division)
    seats = {s["account"]: _seat(s) for s in row["seats"] or []}
    return Post(
        row["division"], seats, row["covered_by"], row["uncovered_since"], row["rung_at"], row["expected_at"]
    )  # fmt: skip


def _seat(row: dict[str, str | None]) -> Seat:
    since, confirmed, asked = (row[name] for name in ("since", "confirmed_at", "asked_at"))
    return Seat(
        row["account"] or "", datetime.fromisoformat(since or ""), datetime.fromisoformat(confirmed or ""),
        datetime.fromisoformat(asked) if asked else None,
    )  # fmt: skip


async def sits_at(connection: Connection, account: str) -> str | None:
    """The division at whose desk somebody is on duty."""
    found: str | None = await connection.fetchval(SITS, account)
    return found


async def name_of(connection: Connection, account: str) -> str:
    """How somebody on duty is called."""
    return str(await connection.fetchval(NAME, account) or "")


async def manned(connection: Connection, divisions: Sequence[str], since: datetime) -> frozenset[str]:
    """In which of these divisions somebody has said after `since` that somebody is on duty."""
    rows = await connection.fetch(MANNED, list(divisions), since)
    return frozenset(row["division"] for row in rows)


async def held_by(connection: Connection, account: str) -> list[str]:
    """Incidents that somebody has taken and that are not over."""
    return [row["id"] for row in await connection.fetch(HELD, account)]


async def keep(connection: Connection, post: Post, names: dict[str, str]) -> None:
    """Write a post with its seats and waits; `names` of those who were named in this decision."""
    await connection.execute(
        KEEP_POST, post.division, post.covered_by, post.uncovered_since, post.rung_at, post.expected_at
    )  # fmt: skip
    await connection.execute(GONE, post.division, list(post.seats))
    seats = list(post.seats.values())
    await connection.execute(
        KEEP_SEATS, [s.account for s in seats], [post.division] * len(seats), [names.get(s.account, "") for s in seats],
        [s.since for s in seats], [s.confirmed_at for s in seats], [s.asked_at for s in seats],
    )  # fmt: skip
    await waiting.plan(connection, post.division, KINDS, waits(post))


async def handed(
    connection: Connection, note: UUID, division: str, by: tuple[str, str], to: str, to_division: str, text: str,
    incidents: Sequence[str], now: datetime,
) -> None:  # fmt: skip
    """Keep what one seat has left to the next; `by` is account and name."""
    await connection.execute(HAND_OVER, note, division, *by, to, to_division, text, list(incidents), now)
