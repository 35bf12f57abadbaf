"""`./yinling bench reconnect`: a whole county comes back within seconds, and some of them with an alarm.

All devices lose their connection at once, without a word. Each comes back at an instant drawn at random, beats, and one
in ten presses when it is back; it repeats until its receipt. No alarm may be lost, and nobody may be called silent who
has returned.
"""

import json
import sys
from pathlib import Path
from typing import Any

import asyncpg
import uvloop

from bench.figures import summary
from bench.heartbeat import broker_of
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.usage import usage
from shared.runtime.clock import SystemClock

ONE_IN = 10
SETTLED_S = 3.0
CLOCK = SystemClock()


def main(*, devices: int = 2000, seconds: float = 10, data: Path | None = None, as_json: bool = False) -> int:
    """Measure, print, and return the exit code: 1 if an alarm was lost."""
    result = uvloop.run(measure(devices, seconds, data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["unreceipted"] or result["not_back"] else 0


async def measure(devices: int, seconds: float, data: Path | None) -> dict[str, Any]:
    """Once, against one instance."""
    before = machine()
    async with instance(data, devices) as it:
        began = CLOCK.now()
        storm = await Helper.start("bench.storm", _order(it, devices, seconds))
        try:
            if await storm.line() != "ready":
                raise RuntimeError("the devices could not connect")
            unused = await usage(it)
            await storm.tell()
            told = await storm.rest()
            used = (await usage(it)).since(unused)
        finally:
            await storm.end()
        await CLOCK.sleep(SETTLED_S)
        stored = await _stored(it, began)
        broker = broker_of(it)
    return {
        "broker": broker, "devices": devices, "seconds": seconds, **_figures(told, stored), **used, "machine": before,
    }  # fmt: skip


def _figures(told: list[dict[str, Any]], stored: dict[str, set[str]]) -> dict[str, Any]:
    back = [one["back"] - one["due"] for one in told if one["back"] is not None]
    pressed = [one for one in told if one["eid"] is not None]
    receipts = [one["recorded"] - one["pressed"] for one in pressed if one["recorded"] is not None]
    return {
        "back": len(back),
        "not_back": len(told) - len(back),
        "tries": sum(one["tries"] for one in told),
        **summary(back, "back_"),
        "alarms": len(pressed),
        "unreceipted": len(pressed) - len(receipts),
        "lost": len({one["eid"] for one in pressed} - stored["raised"]),
        "without_incident": len({one["eid"] for one in pressed} - stored["placed"]),
        **summary(receipts, "receipt_"),
        "called_silent": len(stored["silent"] & {one["device"] for one in told if one["back"] is not None}),
    }


async def _stored(it: Instance, since: Any) -> dict[str, set[str]]:
    """Alarms that were stored, those with an incident, and devices that were called silent."""
    database = await asyncpg.connect(it.owner_url)
    queries = {
        "raised": "SELECT eid FROM devices.raw_event WHERE received_at >= $1",
        "placed": "SELECT eid FROM dispatch.alarm WHERE at >= $1",
        "silent": "SELECT device_id FROM devices.fault WHERE kind = 'offline' AND opened_at >= $1",
    }
    try:
        return {name: {row[0] for row in await database.fetch(query, since)} for name, query in queries.items()}
    finally:
        await database.close()


def _order(it: Instance, devices: int, seconds: float) -> dict[str, Any]:
    mqtt = it.demo.content["mqtt"]
    buttons = [device for device in it.demo.devices if device["id"].startswith("B-")][:devices]
    return {
        "host": mqtt["host"], "port": mqtt["port"], "seconds": seconds, "one_in": ONE_IN, "devices": buttons,
        "boot": int(CLOCK.now().timestamp()),
    }  # fmt: skip


def _readable(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:>18}  {value}" for name, value in result.items())
