"""Complaints as supervisors handle them, and the clocks they run by. Rows are those of the caller's scope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.gateway.domain.wording import name_hint
from shared.runtime.database import Connection, Record
from shared.vocabulary.divisions import Division, ladder

CLOCKS = """
SELECT division, accept_days, reply_days, settle_days FROM gateway.complaint_clock
WHERE division = ANY($1) ORDER BY length(division) DESC LIMIT 1
"""
SET_CLOCKS = """
INSERT INTO gateway.complaint_clock (division, accept_days, reply_days, settle_days, by_account, at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (division) DO UPDATE SET accept_days = excluded.accept_days, reply_days = excluded.reply_days,
    settle_days = excluded.settle_days, by_account = excluded.by_account, at = excluded.at
"""
REGISTER = """
INSERT INTO gateway.complaint (id, source, number, division, elder_id, about, subject_kind, subject_id, caller, text,
    made_by, at, accept_by, reply_by, due_at, involved)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, gateway.involved($6, $7, $8))
"""
LINES = """
SELECT c.id AS complaint, c.source, c.number, c.division, coalesce(d.name, c.division) AS division_name,
       c.elder_id AS elder, e.name AS elder_name, c.about, c.subject_kind, c.subject_id, c.caller,
       f.name AS family_name, c.text, c.at, c.handler, h.name AS handler_name, c.accept_by, c.accepted_at, c.reply_by,
       c.replied_at, c.reply, c.due_at AS settle_by, c.answered_at AS settled_at, c.finding, c.answer,
       c.next_due AS due_at, coalesce(c.next_due <= $1, false) AS overdue, $2 = ANY (c.involved) AS barred
FROM gateway.complaint c
LEFT JOIN gateway.account f ON f.id = c.account_id
LEFT JOIN gateway.account h ON h.id = coalesce(c.handler, c.answered_by)
LEFT JOIN dispatch.division d ON d.code = c.division
LEFT JOIN dispatch.elder e ON e.id = c.elder_id
WHERE {which}
"""
ONE = LINES.format(which="c.id = $3")
OPEN = LINES.format(
    which="""c.next_due IS NOT NULL AND ($3::uuid IS NULL OR (c.next_due, c.id) > (
    SELECT x.next_due, x.id FROM gateway.complaint x WHERE x.id = $3)) ORDER BY c.next_due, c.id LIMIT $4"""
)
SETTLED = LINES.format(
    which="""c.answered_at IS NOT NULL AND ($3::uuid IS NULL OR (c.answered_at, c.id) < (
    SELECT x.answered_at, x.id FROM gateway.complaint x WHERE x.id = $3))
    ORDER BY c.answered_at DESC, c.id DESC LIMIT $4"""
)
IN_PERIOD = LINES.format(which="c.at >= $3 AND c.at < $4 ORDER BY c.at, c.id LIMIT $5")
ACCEPT = """
UPDATE gateway.complaint SET handler = $2, accepted_at = coalesce(accepted_at, $3)
WHERE id = $1 AND source <> 'family' AND answered_at IS NULL
"""
REPLY = """
UPDATE gateway.complaint SET reply = $2, replied_at = $3
WHERE id = $1 AND accepted_at IS NOT NULL AND replied_at IS NULL AND answered_at IS NULL
"""
SETTLE = """
UPDATE gateway.complaint SET finding = $2, answer = $3, answered_at = $4, answered_by = $5,
    reply = coalesce(reply, $3), replied_at = coalesce(replied_at, $4)
WHERE id = $1 AND accepted_at IS NOT NULL AND answered_at IS NULL
"""
COUNTED = """
SELECT division, count(*) FILTER (WHERE at >= $1 AND at < $2) AS complaints,
       count(*) FILTER (WHERE answered_at >= $1 AND answered_at < $2) AS settled,
       count(*) FILTER (WHERE at >= $1 AND at < $2 AND (accepted_at > accept_by OR replied_at > reply_by
                        OR answered_at > due_at OR next_due <= $3)) AS late
FROM gateway.complaint WHERE (at >= $1 AND at < $2) OR (answered_at >= $1 AND answered_at < $2) GROUP BY 1
"""
KNOWN = """
SELECT CASE $1 WHEN 'seat' THEN EXISTS (SELECT FROM gateway.account WHERE id = $2 AND starts_with(division, $3))
               WHEN 'responder' THEN EXISTS (SELECT FROM dispatch.responder WHERE id = $2)
               WHEN 'provider' THEN EXISTS (SELECT FROM dispatch.provider WHERE id = $2)
               WHEN 'elder' THEN EXISTS (SELECT FROM dispatch.elder WHERE id = $2)
               WHEN 'about' THEN EXISTS (SELECT FROM dispatch.incident WHERE id = $2)
                              OR EXISTS (SELECT FROM dispatch.service_order WHERE id = $2) END
"""
COLLEAGUES = """
SELECT a.id AS account, a.name, a.role, a.division, coalesce(d.name, a.division) AS division_name
FROM gateway.account a LEFT JOIN dispatch.division d ON d.code = a.division
WHERE a.role IN ('desk', 'supervisor', 'admin') AND a.disabled_at IS NULL AND starts_with(a.division, $1)
ORDER BY a.division, a.id LIMIT 500
"""
ABOUT = "SELECT $2 = ANY (involved) FROM gateway.complaint WHERE id = $1"
DEFAULT = (1, 5, 15)
Row = dict[str, Any]


class TakenError(Exception):
    """The source's number is written down already."""


@dataclass(frozen=True, slots=True)
class New:
    """A complaint from outside as it is written down, in the order of its columns."""

    complaint: UUID
    source: str
    number: str | None
    division: str
    elder: str | None
    about: str | None
    subject_kind: str | None
    subject_id: str | None
    caller: str
    text: str
    made_by: str
    at: datetime
    accept_by: datetime
    reply_by: datetime
    settle_by: datetime

    def values(self) -> Sequence[Any]:
        """For the statement."""
        return [getattr(self, name) for name in self.__slots__]


async def clocks(connection: Connection, code: Division) -> tuple[tuple[int, int, int], str | None]:
    """Days to accept, reply and settle, and whose line that is."""
    row = await connection.fetchrow(CLOCKS, list(ladder(code)))
    if row is None:
        return DEFAULT, None
    return (row["accept_days"], row["reply_days"], row["settle_days"]), row["division"]


async def set_clocks(connection: Connection, code: str, days: Sequence[int], by: str, now: datetime) -> None:
    """Lay a division's clocks down."""
    await connection.execute(SET_CLOCKS, code, *days, by, now)


async def register(connection: Connection, given: New) -> None:
    """Write a complaint down. TakenError for a number that is known."""
    try:
        await connection.execute(REGISTER, *given.values())
    except asyncpg.UniqueViolationError:
        raise TakenError from None


async def known(connection: Connection, what: str, name: str, scope: str) -> bool:
    """Whether a seat, responder, provider, elder, or an incident or order (`about`) is in scope."""
    return bool(await connection.fetchval(KNOWN, what, name, scope))


async def colleagues(connection: Connection, scope: str) -> list[Row]:
    """Those at the desks of a scope."""
    return [dict(row.items()) for row in await connection.fetch(COLLEAGUES, scope)]


async def one(connection: Connection, name: UUID, who: str, now: datetime) -> Row | None:
    """One complaint."""
    row = await connection.fetchrow(ONE, now, who, name)
    return _line(row) if row else None


async def page(
    connection: Connection, who: str, after: UUID | None, limit: int, now: datetime, *, settled: bool
) -> list[Row]:
    """What is open, the soonest due first; or what is settled, the newest first."""
    rows = await connection.fetch(SETTLED if settled else OPEN, now, who, after, limit)
    return [_line(row) for row in rows]


async def in_period(
    connection: Connection, who: str, over: tuple[datetime, datetime], limit: int, now: datetime
) -> list[Row]:
    """Everything that came in a time."""
    return [_line(row) for row in await connection.fetch(IN_PERIOD, now, who, *over, limit)]


async def is_about(connection: Connection, name: UUID, account: str) -> bool:
    """Whether somebody is among those it is about."""
    return bool(await connection.fetchval(ABOUT, name, account))


async def accept(connection: Connection, name: UUID, handler: str, now: datetime) -> bool:
    """Somebody handles it from now on; False if it is settled, or a family's."""
    return await _done(connection, ACCEPT, name, handler, now)


async def reply(connection: Connection, name: UUID, text: str, now: datetime) -> bool:
    """Whoever complained was told something; False unless it is accepted and was not replied to."""
    return await _done(connection, REPLY, name, text, now)


async def settle(connection: Connection, name: UUID, finding: str, text: str, now: datetime, by: str) -> bool:
    """It is over; False unless it is accepted and open."""
    return await _done(connection, SETTLE, name, finding, text, now, by)


async def counted(connection: Connection, over: tuple[datetime, datetime], now: datetime) -> list[Row]:
    """By division: how many came, how many were settled, how many of those that came missed a day."""
    return [dict(row.items()) for row in await connection.fetch(COUNTED, *over, now)]


async def _done(connection: Connection, sql: str, *values: Any) -> bool:
    return (await connection.execute(sql, *values)).endswith(" 1")


def _line(row: Record) -> Row:
    line = dict(row.items())
    kind, subject, family = line.pop("subject_kind"), line.pop("subject_id"), line.pop("family_name")
    return {
        **line, "name_masked": name_hint(line.pop("elder_name") or ""),
        "subject": {"kind": kind, "id": subject} if kind else None,
        "caller": line["caller"] or name_hint(family or ""), "step": _step(line),
    }  # fmt: skip


def _step(line: Row) -> str | None:
    if line["settled_at"] is not None:
        return None
    if line["source"] == "family":
        return "answer"
    if line["accepted_at"] is None:
        return "accept"
    return "reply" if line["replied_at"] is None else "settle"
