"""A caregiver's bot: answers offers as people do, goes, and reports from the way."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from shared.vocabulary.geo import Position
from simulators.console import Console
from simulators.door import Door
from simulators.inbox import Frame, Inbox
from simulators.temper import OUTCOMES, REASONS, intention, on_the_way
from simulators.world import World

REPORT_EVERY_S, USUAL_WAY_S = 60.0, 300.0
SELDOM_S = 5.0
"""Real seconds between reports at least, however much people are hurried."""
PUTTING_ON_SHOES_S, FINDING_THE_DOOR_S, WITH_THE_ELDER_S = 40.0, 45.0, 420.0
STAGES = ("accepted", "en_route", "arrived", "in_service")
ENDED = frozenset({"released", "stood_down", "completed"})


class Caregiver:
    """One bot."""

    def __init__(self, world: World, door: Door, account: dict[str, Any]) -> None:
        """Start at the account's place."""
        self._door = door
        self._position = Position(account["lat"], account["lon"])
        self._clock, self._draw, self._courtesy, self._pace = world.clock, world.draw, world.courtesy, world.pace
        self._console = Console(door, world.demo.sockets, world.clock, world.draw, self._show)
        self._answering: dict[str, asyncio.Task[None]] = {}
        self._visits: dict[str, asyncio.Task[None]] = {}
        self._accepted: dict[str, str] = {}

    @property
    def connected(self) -> bool:
        """Whether the screen is live."""
        return self._console.live.is_set()

    async def live(self) -> None:
        """Follow the inbox until cancelled."""
        try:
            await self._console.stay()
        finally:
            for task in (*self._answering.values(), *self._visits.values()):
                task.cancel()

    def _show(self, _: Inbox, frame: Frame) -> None:
        if frame["t"] == "snap":
            self._remember(frame["d"])
            return
        match frame["type"]:
            case "job.offered" if not frame["replay"]:
                self._consider(frame["d"])
            case "offer.closed":
                self._stop(self._answering, frame["d"]["offer"])
            case "job.updated":
                self._job(frame["d"])
            case _:
                pass

    def _job(self, notice: Frame) -> None:
        if notice["my_state"] in ENDED:
            self._stop(self._visits, notice["job"])
        elif notice["role"] == "first":
            self._go(notice["job"], notice["my_state"])

    def _remember(self, state: dict[str, Any]) -> None:
        """After a restart: what was asked and what was begun."""
        for offer in state.get("offers", []):
            self._consider(offer)
        for notice in state.get("jobs", []):
            self._job(notice)

    def _consider(self, offer: dict[str, Any]) -> None:
        if offer["offer"] not in self._answering:
            self._keep(self._answering, offer["offer"], self._answer(offer))

    def _go(self, job: str, state: str) -> None:
        if job not in self._visits and state in STAGES:
            self._keep(self._visits, job, self._visit(job, state))

    async def _look_at(self, job: str) -> None:
        mine = (await self._door.get(f"/jobs/{job}")).body.get("mine") or {}
        if mine.get("role") == "first":
            self._go(job, mine["state"])

    @property
    def _busy(self) -> bool:
        """Whether a visit is under way; nobody promises to be in two places."""
        return any(not visit.done() for visit in self._visits.values())

    async def _answer(self, offer: Frame) -> None:
        will = intention(self._draw)
        await self._clock.sleep(will.after_s / self._pace_for(offer["incident"]))
        path = f"/offers/{offer['offer']}"
        if self._busy:
            await self._door.act(f"{path}/decline", {"reason": "busy"})
        elif will.answer == "accept":
            if (await self._door.act(f"{path}/accept")).ok:
                self._accepted[offer["job"]] = offer["offer"]
                await self._look_at(offer["job"])
        elif will.answer == "refuse":
            await self._door.act(f"{path}/decline", {"reason": self._draw.choice(REASONS)})

    async def _visit(self, job: str, state: str) -> None:
        """Go when one is first, from wherever one has come to; a backup waits until told otherwise."""
        view = (await self._door.get(f"/jobs/{job}")).body
        for stage in STAGES[STAGES.index(state) :]:
            if not await self._stage(stage, f"/jobs/{job}", view):
                if stage == "accepted" and job in self._accepted:
                    await self._door.act(f"/offers/{self._accepted[job]}/decline", {"reason": "busy"})
                return

    async def _stage(self, stage: str, path: str, view: dict[str, Any]) -> bool:
        """Do what follows on a state; False when it was not allowed (any more)."""
        match stage:
            case "accepted":
                await self._pause(PUTTING_ON_SHOES_S)
                reply = await self._door.act(f"{path}/depart")
            case "en_route":
                await self._drive(view)
                reply = await self._door.act(f"{path}/arrive")
            case "arrived":
                await self._pause(FINDING_THE_DOOR_S)
                reply = await self._door.act(f"{path}/start")
            case _:
                await self._pause(WITH_THE_ELDER_S * self._draw.uniform(0.5, 1.5))
                reply = await self._door.act(f"{path}/complete", {"outcome": self._draw.choice(OUTCOMES), "note": ""})
        return reply.ok

    async def _drive(self, view: dict[str, Any]) -> None:
        """Move straight towards the elder for as long as was announced, telling where one is."""
        start = self._position
        goal = Position(view["lat"], view["lon"]) if view.get("lat") is not None else start
        whole_s = float((view.get("mine") or {}).get("eta_s") or USUAL_WAY_S)
        passed_s = 0.0
        while passed_s < whole_s:
            step_s = min(max(REPORT_EVERY_S, SELDOM_S * self._pace), whole_s - passed_s)
            await self._pause(step_s)
            passed_s += step_s
            self._position = on_the_way(start, goal, passed_s / whole_s)
            await self._door.put("/duty", {"on": True, "lat": self._position.lat, "lon": self._position.lon})

    async def _pause(self, seconds: float) -> None:
        await self._clock.sleep(seconds / self._pace)

    def _pace_for(self, incident: str) -> float:
        return 1.0 if self._courtesy.owed(incident) else self._pace

    def _keep(self, tasks: dict[str, asyncio.Task[None]], key: str, work: Coroutine[Any, Any, None]) -> None:
        self._stop(tasks, key)
        tasks[key] = asyncio.create_task(work)

    def _stop(self, tasks: dict[str, asyncio.Task[None]], key: str) -> None:
        task = tasks.pop(key, None)
        if task is not None and task is not asyncio.current_task():
            task.cancel()
