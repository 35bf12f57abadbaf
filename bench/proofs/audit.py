"""`./yinling prove audit`: the log is tampered with as only its owner could, again and again, and must be found out.

On a database of its own: a history in the log, sealed piece by piece, the heads handed up. Each tampering is made in a
transaction under the owner's role, the whole log is verified inside it as `./yinling audit verify` does, and then it is
rolled back. Events are changed in each column, deleted, inserted, swapped; seals are changed and removed; and whole
chains are written anew after a change, which only the heads can tell.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import asyncpg
import orjson
import uvloop

from bench.machine import machine
from bench.matching import database
from services.gateway.domain import sealing as it
from services.gateway.flow.sealing import seal_next, verified
from services.gateway.store import seals
from shared.runtime.clock import FakeClock, SystemClock, stopwatch
from shared.runtime.database import Database
from shared.runtime.log import NewEvent, append, lock
from shared.vocabulary.ids import uuid7

EVENTS, STREAMS, AT_ONCE = 600, 40, 30
SOME = "SELECT position, era, txid::text AS txid FROM log.event ORDER BY position OFFSET $1 LIMIT 1"
OWN = "(position, era, txid) = ($1, $2, $3::text::xid8)"
CHANGES = (
    'body = body || \'{"arrived_at": "2026-11-22T02:03:04Z"}\'',
    "body = '{}'",
    "tag = tag || '.x'",
    "actor = 'account:somebody'",
    "division = '360734'",
    "recorded_at = recorded_at - interval '90 s'",
    "happened_at = recorded_at - interval '1 s'",
    "stream_id = stream_id || 'x'",
    "stream_seq = stream_seq + 1000",
    "id = gen_random_uuid()",
    "cause = gen_random_uuid()",
    "body_version = 2",
)
INSERT = """
INSERT INTO log.event (position, era, txid, id, stream, stream_id, stream_seq, tag, body, division, recorded_at, actor)
OVERRIDING SYSTEM VALUE
SELECT $4, era, txid, gen_random_uuid(), stream, stream_id, stream_seq, 'incident.closed', body, division, recorded_at,
       actor FROM log.event WHERE (position, era, txid) = ($1, $2, $3::text::xid8)
"""
SWAP = """
UPDATE log.event e SET body = o.body, tag = o.tag FROM log.event o
WHERE (e.position = $1 AND o.position = $2) OR (e.position = $2 AND o.position = $1)
"""
SEALS = (
    "UPDATE log.seal SET root = sha256(root) WHERE n = $1",
    "UPDATE log.seal SET count = count + 1 WHERE n = $1",
    "UPDATE log.seal SET at = at + interval '1 s' WHERE n = $1",
    "UPDATE log.seal SET prev = sha256(prev) WHERE n = $1",
    "DELETE FROM log.seal WHERE n = $1",
    "DELETE FROM log.seal WHERE n >= $1",
)

Connection = Any


@dataclass(frozen=True, slots=True)
class Hand:
    """Whoever tampers: the owner's connection, chance, and how many events and seals there are."""

    owner: Connection
    draw: Random
    events: int
    seals: int

    async def event(self) -> tuple[int, int, str]:
        """Some event."""
        row = await self.owner.fetchrow(SOME, self.draw.randrange(self.events))
        return row["position"], row["era"], row["txid"]


async def change(hand: Hand) -> None:
    """One column of one event."""
    await hand.owner.execute(f"UPDATE log.event SET {hand.draw.choice(CHANGES)} WHERE {OWN}", *await hand.event())


async def delete(hand: Hand) -> None:
    """One event, with the count of its stream."""
    row = await hand.owner.fetchrow(
        f"DELETE FROM log.event WHERE {OWN} RETURNING stream, stream_id", *await hand.event()
    )
    await hand.owner.execute(
        "UPDATE log.stream SET last_seq = last_seq - 1 WHERE (stream, stream_id) = ($1, $2)", *row.values()
    )  # fmt: skip


async def forget(hand: Hand) -> None:
    """A whole stream, as if it had never been."""
    position, *_ = await hand.event()
    row = await hand.owner.fetchrow("SELECT stream, stream_id FROM log.event WHERE position = $1", position)
    for table in ("log.event", "log.stream"):
        await hand.owner.execute(f"DELETE FROM {table} WHERE (stream, stream_id) = ($1, $2)", *row.values())


async def insert(hand: Hand) -> None:
    """An event that never was, in the middle."""
    await hand.owner.execute(INSERT, *await hand.event(), 10_000_000 + hand.draw.randrange(1000))


async def swap(hand: Hand) -> None:
    """What two events say."""
    (one, *_), (other, *_) = await hand.event(), await hand.event()
    if one == other:
        return await change(hand)
    await hand.owner.execute(SWAP, one, other)
    return None


async def seal(hand: Hand) -> None:
    """A seal, or all from one on."""
    await hand.owner.execute(hand.draw.choice(SEALS), hand.draw.randint(1, hand.seals))


async def rewrite(hand: Hand) -> None:
    """An event, and then every seal anew: the chain fits, the heads don't."""
    await change(hand)
    before = None
    for old in [one async for one in seals.every(hand.owner)]:
        lines = await seals.piece(hand.owner, before.to if before else it.START, old.to)
        before = it.sealed(before, old.to, lines, old.at)
        await hand.owner.execute(
            "UPDATE log.seal SET count = $2, root = $3, prev = $4, hash = $5 WHERE n = $1",
            before.n, before.count, before.root, before.prev, before.hash,
        )  # fmt: skip


TAMPERINGS: tuple[Callable[[Hand], Awaitable[None]], ...] = (
    change, change, change, delete, delete, forget, insert, insert, swap, seal, rewrite,
)  # fmt: skip


def main(*, tampers: int, seed: int, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if one was not found, or the untouched log was suspected."""
    found = uvloop.run(prove(tampers, seed))
    sys.stdout.write((json.dumps(found) if as_json else _readable(found)) + "\n")
    return 0 if found["found"] == found["tampers"] and found["intact"] else 1


async def prove(tampers: int, seed: int) -> dict[str, Any]:
    """Tamper so many times; each must be found, and nothing where nothing was done."""
    before, draw = machine(), Random(seed)
    async with database() as urls:
        heads = await _history(urls, draw)
        owner = await asyncpg.connect(urls["owner"])
        await owner.set_type_codec("jsonb", schema="pg_catalog", encoder=_text, decoder=orjson.loads)
        intact = await verified(owner, heads)
        hand, took = Hand(owner, draw, intact.events, intact.seals), stopwatch()
        found, missed = await _tampered(hand, tampers, heads)
        seconds = stopwatch() - took
        after = await verified(owner, heads)
        await owner.close()
    return {
        "tampers": tampers, "found": sum(found.values()), "missed": missed, "by_kind": dict(found),
        "intact": not intact.findings and not after.findings, "events": intact.events, "seals": intact.seals,
        "seed": seed, "verify_ms": round(seconds / max(1, tampers) * 1000, 1), "machine": before,
    }  # fmt: skip


def _text(value: object) -> str:
    return orjson.dumps(value).decode()


async def _tampered(hand: Hand, tampers: int, heads: dict[int, bytes]) -> tuple[Counter[str], list[str]]:
    found: Counter[str] = Counter()
    missed = []
    for _ in range(tampers):
        how = hand.draw.choice(TAMPERINGS)
        transaction = hand.owner.transaction()
        await transaction.start()
        try:
            await how(hand)
            verdict = await verified(hand.owner, heads)
        finally:
            await transaction.rollback()
        if verdict.findings:
            found[how.__name__] += 1
        else:
            missed.append(how.__name__)
    return found, missed


async def _history(urls: dict[str, str], draw: Random) -> dict[int, bytes]:
    """Events of many streams in many transactions, sealed as they come; the heads."""
    clock = FakeClock(SystemClock().now() - timedelta(hours=6))
    writer = Database(urls["dispatch"], name="prove", size=2)
    sealer = Database(f"{urls['gateway']}?options=-c%20yl.scope%3D/", name="prove-seal", size=1)
    heads: dict[int, bytes] = {}
    await asyncio.gather(writer.open(), sealer.open())
    try:
        for n in range(EVENTS // AT_ONCE):
            clock.advance(draw.uniform(1, 60))
            await _written(writer, clock, draw)
            async with sealer.transaction() as connection:
                head = await seal_next(connection, clock.now())
            if head is not None and n % 5 == 0:
                heads[head.n] = head.hash
    finally:
        await asyncio.gather(writer.close(), sealer.close())
    return heads | ({head.n: head.hash} if head is not None else {})


async def _written(writer: Database, clock: FakeClock, draw: Random) -> None:
    events = [
        NewEvent(
            uuid7(clock.now()), "incident", f"I-{draw.randrange(STREAMS)}", draw.choice(("offer.sent", "job.closed")),
            {"n": draw.random(), "who": [draw.randrange(9), None, "甲"]}, "360733100", "service:dispatch",
        )
        for _ in range(AT_ONCE)
    ]  # fmt: skip
    async with writer.transaction() as connection:
        await lock(connection, {f"{event.stream}/{event.stream_id}" for event in events})
        await append(connection, events, clock.now())


def _readable(found: dict[str, Any]) -> str:
    told = f"{found['found']} of {found['tampers']} tamperings found, the untouched log "
    return f"{told}{'intact' if found['intact'] else 'SUSPECTED'} · {found['events']} events, {found['seals']} seals"
