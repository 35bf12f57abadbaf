"""Seals the log once a minute, in follower order, and hands the head up.

A piece is sealed when nothing can come before its end any more, so a seal never has to be taken back. Whoever changes,
adds or removes an event below the head is found by `verified`; whoever writes the whole chain anew is found by the
heads that were handed up, since those lie with the level above.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import orjson

from services.gateway.domain import sealing as it
from services.gateway.store import seals
from shared.runtime.clock import Clock
from shared.runtime.database import AWAY, Connection, Database

logger = logging.getLogger(__name__)

EVERY_S = 60
MOST = 500
HANDED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and at which seal or stream."""

    what: str
    where: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was read and what was found."""

    seals: int
    events: int
    head: bytes
    findings: tuple[Finding, ...]


async def seal_next(connection: Connection, now: datetime) -> it.Seal | None:
    """Seal the next piece; None when there is nothing to seal or somebody else does it."""
    if not await seals.alone(connection):
        return None
    before = await seals.last(connection)
    found = await seals.unsealed(connection, before.to if before else it.START, MOST)
    if not found:
        return None
    seal = it.sealed(before, found[-1][0], [line for _, line in found], now)
    await seals.add(connection, seal)
    return seal


async def keep_sealing(database: Database, clock: Clock, handed: Path | None) -> None:
    """Seal for ever; `database` reads the whole cell. `handed` is a file that the level above keeps."""
    due = clock.now()
    while True:
        try:
            head = await _all(database, clock)
            if head and handed and clock.now() >= due:
                await asyncio.to_thread(hand_up, handed, head)
                due = clock.now() + HANDED_EVERY
        except (*AWAY, OSError) as fault:
            logger.warning("sealing.away", extra={"reason": type(fault).__name__})
        await clock.sleep(EVERY_S)


async def _all(database: Database, clock: Clock) -> it.Seal | None:
    head = None
    while True:
        async with database.transaction() as connection:
            seal = await seal_next(connection, clock.now())
        if seal is None:
            return head
        head = seal
        if seal.count < MOST:
            return head


def hand_up(file: Path, head: it.Seal) -> None:
    """Add the head to a file that is only ever added to, on storage that this machine can't rewrite."""
    with file.open("ab") as out:
        out.write(orjson.dumps({"n": head.n, "hash": head.hash.hex(), "at": head.at}) + b"\n")


def handed_up(text: Iterable[bytes]) -> dict[int, bytes]:
    """Heads by number, from such a file."""
    lines = [orjson.loads(line) for line in text if line.strip()]
    return {line["n"]: bytes.fromhex(line["hash"]) for line in lines}


async def verified(connection: Connection, heads: Mapping[int, bytes]) -> Verdict:
    """Read the whole log again and compare it with its seals, and these with the heads that were handed up."""
    findings: list[Finding] = []
    before: it.Seal | None = None
    count = 0
    left = dict(heads)
    async for seal in seals.every(connection):
        lines = await seals.piece(connection, before.to if before else it.START, seal.to)
        kept = left.pop(seal.n, seal.hash) == seal.hash
        wrong = it.fault(before, seal, lines) or (None if kept else "head")
        if wrong:
            findings.append(Finding(wrong, f"seal {seal.n}"))
        before, count = seal, count + len(lines)
    findings += [Finding("head", f"seal {n}") for n in left]
    findings += [Finding("gap", name) for name in await seals.gaps(connection)]
    return Verdict(before.n if before else 0, count, before.hash if before else it.NOTHING, tuple(findings))


async def head(database: Database) -> it.Seal | None:
    """The newest seal."""
    async with database.transaction() as connection:
        return await seals.last(connection)
