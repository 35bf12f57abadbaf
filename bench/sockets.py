"""`./yinling bench sockets`: how many consoles a gateway process holds, what each weighs, how late the last hears.

All of them watch one county's desk, so that every alarm goes to every socket, which is the hardest there is. Their
accounts and sessions are made in the database, since thousands of log-ins would measure a password hash. The consoles
live in a process of their own; it shares the machine.
"""

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import uvloop

from bench import press
from bench.figures import summary
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.press import Order
from bench.usage import usage
from bench.watchers import SOCKETS_A_USER
from shared.runtime.clock import SystemClock
from simulators.places import COUNTY

SETTLE_S = 5.0
PIECE = 500
CLOCK = SystemClock()

ACCOUNT = """
INSERT INTO gateway.account (id, username, password_hash, name, role, division)
SELECT $1::text, $1, '-', $1, 'desk', $2
"""
INBOX = "INSERT INTO gateway.inbox (id, division, epoch) VALUES ('u:' || $1, $2, 'bench')"
SESSION = """
INSERT INTO gateway.session (token_sha256, account_id, created_at, expires_at, proved_at, used_at)
VALUES ($1, $2, $3, $4, $3, $3)
"""


def main(*, sockets: int, alarms: int, as_json: bool) -> int:
    """Measure, print, and return the exit code: 1 if a console missed an alarm."""
    result = uvloop.run(measure(sockets, alarms))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["missed"] or result["live"] < sockets else 0


async def measure(sockets: int, alarms: int) -> dict[str, Any]:
    """One alarm a second, against an instance of our own."""
    before = machine()
    order = Order(1, 0, alarms, 1)
    async with instance(None, alarms + press.SPARE_HOMES) as it:
        empty = await usage(it)
        tokens = await _let_in(it, -(-sockets // SOCKETS_A_USER))
        wanted = [token for token in tokens for _ in range(SOCKETS_A_USER)][:sockets]
        crowd = await Helper.start("bench.crowd", {"ws": it.demo.socket, "tokens": wanted})
        try:
            opened = json.loads(await crowd.line())
            await CLOCK.sleep(SETTLE_S)
            full = await usage(it)
            presses = await _pressed(it, order)
            after = await usage(it)
            await crowd.tell(json.dumps({one["device"]: one["due"] for one in presses}))
            told = await crowd.rest()
        finally:
            await crowd.end()
    weight = (full.memory["gateway"] - empty.memory["gateway"]) / max(1, opened["live"])
    return {
        "sockets": sockets, "live": opened["live"], "opened_in_s": opened["took_s"],
        "kib_a_socket": round(weight / 1024, 1), **_figures(told, opened["live"]), **after.since(full),
        "machine": before,
    }  # fmt: skip


def _figures(told: Sequence[dict[str, Any]], live: int) -> dict[str, Any]:
    """From the press to each console, and from the first console to the last of each alarm."""
    return {
        "alarms": len(told),
        "missed": sum(live - len(one["after"]) for one in told),
        **summary([after for one in told for after in one["after"]]),
        **summary([max(one["after"]) - min(one["after"]) for one in told if one["after"]], "first_to_last_"),
    }


async def _pressed(it: Instance, order: Order) -> list[dict[str, Any]]:
    load = await Helper.start("bench.load", press.load_order(it, order, 1))
    try:
        await load.line()
        await load.tell()
        presses = await load.rest()
    finally:
        await load.end()
    await CLOCK.sleep(SETTLE_S)
    return presses


async def _let_in(it: Instance, many: int) -> list[str]:
    """Seats of the county, each with a session; returns their tokens."""
    now = CLOCK.now()
    names = [f"bench-{n:05}" for n in range(many)]
    database = await asyncpg.connect(it.owner_url)
    try:
        for n in range(0, many, PIECE):
            some = names[n : n + PIECE]
            await database.executemany(ACCOUNT, [(name, COUNTY) for name in some])
            await database.executemany(INBOX, [(name, COUNTY) for name in some])
            until = now + timedelta(hours=12)
            await database.executemany(
                SESSION, [(sha256(_token(name).encode()).digest(), name, now, until) for name in some]
            )
    finally:
        await database.close()
    return [_token(name) for name in names]


def _token(name: str) -> str:
    return f"token-of-{name}"


def _readable(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:>22}  {value}" for name, value in result.items())
