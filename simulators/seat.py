"""A desk seat's bot: takes what nobody has taken, phones the elder, closes what was seen to."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from simulators.console import Console
from simulators.door import Door
from simulators.inbox import Frame, Inbox
from simulators.world import World

TAKES_S, CALLS_S, CLOSES_S = (4.0, 12.0), (5.0, 20.0), (10.0, 40.0)
COURTESY_S = 60.0
TRIES = 3
DEMO_PACE = 4.0
"""A seat takes seconds in life already; only beyond this pace is it hurried too."""
ANSWERED = 0.55
LIVE = frozenset({"open", "taken", "on_scene", "with_elder", "reopened"})


class Seat:
    """One bot at a desk."""

    def __init__(self, world: World, door: Door) -> None:
        """Watch what comes to the division of the account."""
        self._door = door
        self._clock, self._draw, self._courtesy = world.clock, world.draw, world.courtesy
        self._pace = max(1.0, world.pace / DEMO_PACE)
        self._rows: dict[str, dict[str, Any]] = {}
        self._working: dict[str, asyncio.Task[None]] = {}
        self._console = Console(door, world.demo.sockets, world.clock, world.draw, self._show)

    @property
    def connected(self) -> bool:
        """Whether the screen is live."""
        return self._console.live.is_set()

    async def live(self) -> None:
        """Follow the desk until cancelled."""
        try:
            await self._console.stay()
        finally:
            for task in self._working.values():
                task.cancel()

    def _show(self, _: Inbox, frame: Frame) -> None:
        if frame["t"] == "snap":
            for row in frame["d"].get("incidents", []):
                self._learn(row)
        elif frame["type"].startswith("incident."):
            self._learn(frame["d"])

    def _learn(self, row: dict[str, Any]) -> None:
        name = row["incident"]
        if row["ver"] <= self._rows.get(name, {"ver": 0})["ver"]:
            return
        self._rows[name] = row
        if row["state"] in {"closed", "false_alarm", "merged"}:
            del self._rows[name]
        elif row["state"] == "resolved":
            self._begin(f"close {name}", self._close(name))
        elif row["state"] == "open" and not row["holder"]:
            self._begin(f"take {name}", self._take(name))

    def _begin(self, key: str, work: Coroutine[Any, Any, None]) -> None:
        if key in self._working:
            work.close()
            return
        task = asyncio.create_task(work)
        self._working[key] = task
        task.add_done_callback(lambda _: self._working.pop(key, None))

    async def _take(self, name: str) -> None:
        await self._pause(TAKES_S)
        if self._courtesy.owed(name):
            await self._clock.sleep(COURTESY_S)
        for _ in range(TRIES):
            row = self._rows.get(name)
            if row is None or row["holder_account"] or row["state"] not in LIVE:
                return
            if (await self._door.act(f"/incidents/{name}/claim", version=row["ver"])).ok:
                await self._phone(name)
                return
            await self._pause(TAKES_S)

    async def _phone(self, name: str) -> None:
        for _ in range(2):
            await self._pause(CALLS_S)
            answered = self._draw.random() < ANSWERED
            result = "answered" if answered else self._draw.choice(("no_answer", "no_answer", "busy", "off"))
            await self._door.act(f"/incidents/{name}/call", {"callee": "elder", "result": result})
            if answered:
                return

    async def _close(self, name: str) -> None:
        """Close with who saw the elder; the version may move meanwhile, so look again each time."""
        for _ in range(TRIES):
            await self._pause(CLOSES_S)
            row = self._rows.get(name)
            if row is None or row["state"] != "resolved" or self._courtesy.owed(name):
                return
            if (await self._door.act(f"/incidents/{name}/close", _closing(row), version=row["ver"])).ok:
                return

    async def _pause(self, between: tuple[float, float]) -> None:
        await self._clock.sleep(self._draw.uniform(*between) / self._pace)


def _closing(row: dict[str, Any]) -> dict[str, Any]:
    going = row.get("going") or []
    by = going[0]["name"] if going else "服务站"
    return {"outcome": "genuine", "evidence": "seen", "evidence_by": by, "note": ""}
