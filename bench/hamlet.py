"""A county of a proof's own beside the demo's: one elder, a crew round her house, a desk; all logged in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg
from argon2 import PasswordHasher

from bench.instance import Instance
from shared.runtime.clock import SystemClock
from simulators.door import Door, door_client

COUNTY, STREET, VILLAGE = "990001", "990001001", "990001001001"
ELDER, HOME, DESK = "E-proof", "H-proof", "proof-desk"
PASSWORD = "proof"  # noqa: S105  of accounts that end with the proof
LAT, LON = 25.6, 115.79
STEP = 0.0002
LOGINS_AT_ONCE = 4
CLOCK = SystemClock()

DIVISIONS = (
    ("99", "试验省", None), ("9900", "试验市", "99"), (COUNTY, "试验县", "9900"), (STREET, "试验镇", COUNTY),
    (VILLAGE, "试验村", STREET),
)  # fmt: skip
DIVISION = "INSERT INTO dispatch.division (code, name, parent) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
PLACE = """
INSERT INTO dispatch.home (id, division, address, floor, lift, lat, lon)
VALUES ($1, $2, '试验路1号', 1, false, $3, $4) ON CONFLICT DO NOTHING
"""
PERSON = """
INSERT INTO dispatch.elder (id, home_id, division, name, sex, born, phone)
VALUES ($1, $2, $3, '试验', 'f', 1940, '1') ON CONFLICT DO NOTHING
"""
HELPER = """
INSERT INTO dispatch.responder (id, division, kind, name, phone, lat, lon, speed_mps, accepts, refusals, on_duty,
                                duty_since, reachable, seen_lat, seen_lon, seen_at)
VALUES ($1, $2, 'caregiver', $7, '1', $3, $4, 1.2, 1, $5, true, $6, true, $3, $4, $6) ON CONFLICT DO NOTHING
"""
ACCOUNT = """
INSERT INTO gateway.account (id, username, password_hash, name, role, kind, division, responder_id)
VALUES ($1::text, $1::text, $2, $1::text, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
INBOX = "INSERT INTO gateway.inbox (id, division, epoch) VALUES ($1, $2, 'e1') ON CONFLICT DO NOTHING"


def surname(helper: str) -> str:
    """One character that nobody else of the crew is called by."""
    return chr(0x4E00 + int(helper.rsplit("-", 1)[1]))


@dataclass(frozen=True, slots=True)
class Hamlet:
    """Its people's sessions; `crew` by responder."""

    owner: "asyncpg.Connection[asyncpg.Record]"
    desk: Door
    crew: dict[str, Door]

    async def incident(self) -> tuple[str, list[tuple[str, str, str]]]:
        """Somebody telephones that she has fallen: the incident, and who was asked as (offer, job, responder)."""
        view = await self.desk.act("/incidents", {"elder": ELDER, "kind": "fall"})
        if not view.ok:
            raise RuntimeError(f"no incident: {view.status} {view.body}")
        name = view.body["row"]["incident"]
        rows = await self.owner.fetch(
            "SELECT id, job_id, responder_id FROM dispatch.offer WHERE incident_id = $1 AND state IN ('sent', 'rang')",
            name,
        )
        return name, [(str(row["id"]), str(row["job_id"]), row["responder_id"]) for row in rows]

    async def over(self, incident: str) -> None:
        """The desk closes it, whatever has happened since it looked."""
        closing = {"outcome": "test", "evidence": "heard", "evidence_by": "proof", "note": ""}
        for _ in range(5):
            view = await self.desk.get(f"/incidents/{incident}")
            reply = await self.desk.act(f"/incidents/{incident}/close", closing, version=view.body["row"]["ver"])
            if reply.ok:
                return
        raise RuntimeError(f"{incident} could not be closed: {reply.status} {reply.body}")


@asynccontextmanager
async def hamlet(it: Instance, people: int, *, refusals: float = 3.5, connections: int = 60) -> AsyncIterator[Hamlet]:
    """Settle it in the instance, log everybody in; of a crew with many `refusals` dispatch asks many at once."""
    owner = await asyncpg.connect(it.owner_url)
    client = door_client(it.demo.http, connections)
    try:
        names = [f"proof-{number:04}" for number in range(people)]
        await _settle(owner, names, refusals, CLOCK.now())
        doors = {name: Door(client, CLOCK, name, PASSWORD) for name in (DESK, *names)}
        await _log_in(list(doors.values()))
        yield Hamlet(owner, doors.pop(DESK), doors)
    finally:
        await client.close()
        await owner.close()


async def _settle(owner: "asyncpg.Connection[Any]", names: list[str], refusals: float, now: datetime) -> None:
    known = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await owner.executemany(DIVISION, DIVISIONS)
    await owner.execute(PLACE, HOME, VILLAGE, LAT, LON)
    await owner.execute(PERSON, ELDER, HOME, VILLAGE)
    round_her = [
        (name, STREET, LAT + STEP * (n + 1), LON, refusals, now, surname(name)) for n, name in enumerate(names)
    ]
    await owner.executemany(HELPER, round_her)
    accounts = [(name, known, "responder", "caregiver", STREET, name) for name in names]
    await owner.executemany(ACCOUNT, [(DESK, known, "supervisor", None, COUNTY, None), *accounts])
    inboxes = [(f"u:{DESK}", COUNTY), (f"d:{COUNTY}", COUNTY), *((f"u:{name}", STREET) for name in names)]
    await owner.executemany(INBOX, inboxes)


async def _log_in(doors: list[Door]) -> None:
    turn = asyncio.Semaphore(LOGINS_AT_ONCE)

    async def one(door: Door) -> None:
        async with turn:
            if not await door.log_in():
                raise RuntimeError(f"{door.username} could not log in")

    await asyncio.gather(*(one(door) for door in doors))
