"""`./yinling bench screen`: from a device's publish to a real Chromium's desk that has drawn it and rings.

Presses come in an open loop and are counted from their appointed instant. An alarm counts when the desk's `seen` with
`ring: ok` stands in the log: drawn, painted and sounding, and known to be so. Everything runs on this one machine, so
what each part and the page itself have used is told with it.
"""

import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import uvloop
from playwright.async_api import CDPSession, Page, async_playwright

from bench.figures import summary
from bench.helper import Helper
from bench.instance import Instance, instance
from bench.machine import machine
from bench.press import with_use
from bench.tidy import close_named
from bench.usage import usage
from bench.watchers import seats
from shared.runtime.clock import SystemClock, stopwatch
from simulators.door import Door, door_client

SPARE_HOMES = 20
ALL_SEEN_WITHIN_S = 20.0
CLOCK = SystemClock()
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SEEN = """
SELECT i.device_id, min(e.recorded_at) AS at, min(i.opened_at) AS opened
FROM log.event e JOIN dispatch.incident i ON i.id = e.body->>'incident'
WHERE e.tag = 'screen.seen' AND e.recorded_at >= $1 AND e.body->>'account' = $2 AND e.body->>'ring' = 'ok'
GROUP BY i.device_id
"""
DRAWING = {
    "ScriptDuration": "script",
    "LayoutDuration": "layout",
    "RecalcStyleDuration": "style",
    "TaskDuration": "all",
}
OPEN = "SELECT id FROM dispatch.incident WHERE state NOT IN ('closed', 'false_alarm', 'merged')"


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for."""

    rate: float
    seconds: float

    @property
    def presses(self) -> int:
        """How many alarms that makes."""
        return round(self.rate * self.seconds)


@dataclass(frozen=True, slots=True)
class Seen:
    """When an alarm's incident was opened, and when the desk had drawn it and rang."""

    opened: datetime
    at: datetime


def main(*, rate: float = 20, seconds: float = 20, data: Path | None = None, as_json: bool = False) -> int:
    """Measure, print, and return the exit code: 1 if an alarm was not drawn and rung."""
    result = uvloop.run(measure(Order(rate, seconds), data))
    sys.stdout.write((json.dumps(result) if as_json else _readable(result)) + "\n")
    return 1 if result["lost"] else 0


async def measure(order: Order, data: Path | None) -> dict[str, Any]:
    """Once, against one instance, whose open incidents are closed first."""
    before = machine()
    async with instance(data, order.presses + SPARE_HOMES) as it:
        seat = seats(it.demo, 1)[0]
        await _tidy(it, seat)
        async with _desk(it, seat) as page:
            found = await _run(it, order, page, seat["username"])
        await _tidy(it, seat)
    return {"rate": order.rate, "seconds": order.seconds, **found, "machine": before}


async def _tidy(it: Instance, seat: dict[str, Any]) -> None:
    client = door_client(it.demo.http)
    door = Door(client, CLOCK, seat["username"], seat["password"])
    database = await asyncpg.connect(it.owner_url)
    try:
        await door.log_in()
        await close_named([row["id"] for row in await database.fetch(OPEN)], door)
    finally:
        await database.close()
        await client.close()


@asynccontextmanager
async def _desk(it: Instance, seat: dict[str, Any]) -> AsyncIterator[Page]:
    """A desk on duty: logged in, connected, and allowed to ring."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = await browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        await page.goto(it.demo.http)
        await page.locator("input[autocomplete=username]").fill(seat["username"])
        await page.locator("input[autocomplete=current-password]").fill(seat["password"])
        await page.keyboard.press("Enter")
        await page.wait_for_url("**/desk")
        await page.get_by_role("button", name="开始值守", exact=True).click()
        await page.get_by_role("status").filter(has_text="已连接").first.wait_for()
        yield page
        await browser.close()


async def _run(it: Instance, order: Order, page: Page, account: str) -> dict[str, Any]:
    load = await Helper.start("bench.load", _load_order(it, order))
    database = await asyncpg.connect(it.owner_url)
    tools = await page.context.new_cdp_session(page)
    await tools.send("Performance.enable")
    try:
        if await load.line() != "ready":
            raise RuntimeError("the load could not connect")
        before, drawing = await usage(it), await _drawing(tools)
        begun = CLOCK.now()
        await load.tell()
        presses = await load.rest()
        seen = await _all_seen(database, begun, account, len(presses))
        used, drawn = (await usage(it)).since(before), await _drawing(tools)
        rows = await page.locator("[data-row]").count()
    finally:
        await database.close()
        await load.end()
    page_ms = {name: round(1000 * (drawn[name] - drawing[name]) / order.presses, 2) for name in DRAWING.values()}
    return with_use({**figures(presses, seen), "rows_drawn": rows, "page_ms_an_alarm": page_ms}, used)


async def _drawing(tools: CDPSession) -> dict[str, float]:
    """Seconds that the page's main thread has worked since it is counted, by what it did."""
    told = (await tools.send("Performance.getMetrics"))["metrics"]
    return {DRAWING[one["name"]]: one["value"] for one in told if one["name"] in DRAWING}


def figures(presses: list[dict[str, Any]], seen: dict[str, Seen]) -> dict[str, Any]:
    """Lost: receipted, and never drawn and ringing. Instants of the log are brought to the machine's rising clock."""
    rising = stopwatch() - CLOCK.now().timestamp()
    at = {device: one.at.timestamp() + rising for device, one in seen.items()}
    opened = {device: one.opened.timestamp() + rising for device, one in seen.items()}
    receipts = [press["recorded"] - press["due"] for press in presses if press["recorded"] is not None]
    return {
        "sent": len(presses),
        "lost": sum(press["recorded"] is not None and press["device"] not in at for press in presses),
        "unreceipted": len(presses) - len(receipts),
        **summary([at[press["device"]] - press["due"] for press in presses if press["device"] in at]),
        **summary(receipts, "receipt_"),
        **summary([opened[press["device"]] - press["due"] for press in presses if press["device"] in at], "opened_"),
    }


async def _all_seen(
    database: "asyncpg.Connection[asyncpg.Record]", since: datetime, account: str, wanted: int
) -> dict[str, Seen]:
    until = stopwatch() + ALL_SEEN_WITHIN_S
    while True:
        found = {row["device_id"]: Seen(row["opened"], row["at"]) for row in await database.fetch(SEEN, since, account)}
        if len(found) >= wanted or stopwatch() > until:
            return found
        await CLOCK.sleep(0.5)


def _load_order(it: Instance, order: Order) -> dict[str, Any]:
    buttons = [device for device in it.demo.devices if device["id"].startswith("B-")]
    if len(buttons) < order.presses:
        raise ValueError(f"{order.presses} presses need as many homes; this instance has {len(buttons)}")
    return {
        **it.demo.content["mqtt"], "rate": order.rate, "seconds": order.seconds, "seed": 1,
        "boot": int(CLOCK.now().timestamp()), "devices": buttons[: order.presses],
    }  # fmt: skip


def _readable(result: dict[str, Any]) -> str:
    return "\n".join(f"{name:>16}  {value}" for name, value in result.items())
