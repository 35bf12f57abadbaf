"""`./yinling bench cell`: a whole city on this machine, at a city's rates.

Nanchang as reckoned from its eldercare plan: 94,000 homes whose devices send 1,780 heartbeats a second, a storm of 3.1
alarms a second over five minutes, and a return of everybody at 1,570 a second after an outage. Rates are those of
`homes`; so many devices as this machine is to hold connections for (`connections`) send them, each so much the more
often. First the storm over the heartbeats, then the same while all who were cut off come back.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import uvloop

from bench import press
from bench.figures import summary
from bench.heartbeat import broker_of
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.press import Order
from bench.tidy import close_all
from bench.watchers import Watcher
from shared.runtime.clock import SystemClock

HOMES = 94_000
BEATS, STORM, RETURN = 1780 / HOMES, 3.1 / HOMES, 1570 / HOMES
CONSOLES = 20
RETURNING_ALARMS = 100
"""One in so many of those who come back presses."""
CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class City:
    """Rates a second of a city of that many homes, and how many devices send them."""

    homes: int
    connections: int
    seconds: float

    @property
    def storm(self) -> Order:
        """The alarms of a storm."""
        return Order(round(self.homes * STORM, 2), CONSOLES, self.seconds, 1)

    @property
    def beats(self) -> float:
        """Heartbeats."""
        return self.homes * BEATS

    @property
    def returns_within_s(self) -> float:
        """How long the devices here take to come back at the city's rate."""
        return self.connections / (self.homes * RETURN)


def main(*, homes: int, connections: int, seconds: float, broker: str, as_json: bool) -> int:
    """Measure, print, and return the exit code: 1 if an alarm was lost or unanswered, or somebody did not come back."""
    result = uvloop.run(measure(City(homes, connections, seconds), broker))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] or result["unreceipted"] or result["not_back"] else 0


async def measure(city: City, broker: str) -> dict[str, Any]:
    """Both parts on one instance: buttons at the front press, the next come back, the last beat."""
    before = machine()
    homes = city.storm.presses + 2 * city.connections + press.SPARE_HOMES
    async with instance(None, homes, "--broker", broker) as it:
        buttons = [device for device in it.demo.devices if device["id"].startswith("B-")]
        away = buttons[city.storm.presses : city.storm.presses + city.connections]
        beats = await Helper.start("bench.beats", _order(it, buttons[-city.connections :]) | {"rate": city.beats})
        storm = await Helper.start("bench.storm", _returning(it, away, city))
        try:
            if (await beats.line(), await storm.line()) != ("ready", "ready"):
                raise RuntimeError("the devices could not connect")
            parts, told = await _parts(it, city, beats, storm)
        finally:
            await beats.end()
            await storm.end()
        broker = broker_of(it)
    return {
        "broker": broker, "homes": city.homes, "connections": 2 * city.connections,
        "heartbeats_per_s": round(city.beats), "alarms_per_s": city.storm.rate,
        "returns_per_s": round(city.homes * RETURN),
        **{name: max(part[name] for part in parts.values()) for name in ("p99_ms", "opened_p99_ms", "cores")},
        **{name: sum(part[name] for part in parts.values()) for name in ("lost", "unreceipted")},
        **_came_back(told), **parts, "machine": before,
    }  # fmt: skip


async def _parts(
    it: Instance, city: City, beats: Helper, storm: Helper
) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    async with press.consoles(it, CONSOLES) as (watchers, door):
        first = await _part(it, city.storm, watchers, beats, 1)
        await close_all(watchers, door)
        back = asyncio.create_task(_told(storm))
        short = replace(city.storm, seconds=min(city.seconds, max(20.0, 4 * city.returns_within_s)))
        second = await _part(it, short, watchers, beats, 2)
        return {"storm": first, "return": second}, await back


async def _part(it: Instance, order: Order, watchers: Sequence[Watcher], beats: Helper, number: int) -> dict[str, Any]:
    """Alarms over heartbeats, with what they cost."""
    await beats.tell(str(order.seconds + 2))
    found = await press.one_run(it, order, watchers, number)
    said = json.loads(await beats.line())
    return {**found, "heartbeats": said["sent"]}


async def _told(storm: Helper) -> list[dict[str, Any]]:
    await storm.tell()
    return await storm.rest()


def _came_back(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    back = [one["back"] - one["due"] for one in told if one["back"] is not None]
    return {"returned": len(back), "not_back": len(told) - len(back), **summary(back, "back_")}


def _returning(it: Instance, devices: Sequence[dict[str, Any]], city: City) -> dict[str, Any]:
    return _order(it, devices) | {
        "seconds": city.returns_within_s, "one_in": RETURNING_ALARMS, "boot": int(CLOCK.now().timestamp()),
    }  # fmt: skip


def _order(it: Instance, devices: Sequence[dict[str, Any]]) -> dict[str, Any]:
    mqtt = it.demo.content["mqtt"]
    return {"host": mqtt["host"], "port": mqtt["port"], "devices": list(devices)}


def _readable(result: dict[str, Any]) -> str:
    lines = [f"{name:>18}  {value}" for name, value in result.items() if name not in {"storm", "return"}]
    for part in ("storm", "return"):
        figures = result[part]
        lines.append(f"{part:>18}  p50 {figures['p50_ms']}  p99 {figures['p99_ms']} ms  cores {figures['cores']}")
    return "\n".join(lines)
