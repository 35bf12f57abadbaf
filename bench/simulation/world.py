"""One seed: a town, its weather, its faults; from the first press to silence."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from random import Random
from types import SimpleNamespace
from typing import cast
from unittest.mock import patch

from bench.simulation import judge
from bench.simulation.broker import Broker, Radio
from bench.simulation.links import Link
from bench.simulation.loop import OUTSIDE, DrawnLoop, ImaginedClock, StuckError, pause
from bench.simulation.meanings import MEANINGS
from bench.simulation.plan import Plan
from bench.simulation.processes import PROCESSES, City, within
from bench.simulation.store import Server
from bench.simulation.town import STREET, Button, Diary, Responder, Screen, Seat, responder, seat
from services.dispatch.store import cases
from services.gateway.push.connection import Connection
from shared.runtime import database

BAD_AIR_S, CALM_S = 5.0, 3.0
QUIET_WITHIN_S, SETTLES_S = 90, 3.0
ASKS_AGAIN_S = 4.0
"""By then a gateway that others write for has looked, which it does every second, and has rested as long as it may."""
SEATS = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a seed."""

    seed: int
    offences: tuple[str, ...]
    presses: int
    incidents: int
    accepted: int
    faults: int
    events: int


class World:
    """Everybody and everything of one seed."""

    def __init__(self, seed: int) -> None:
        """Draw the plan; nothing runs yet."""
        self.seed = seed
        self.faults = 0
        self.draw = Random(seed)
        self.loop = DrawnLoop(self.draw)
        self.plan = Plan.drawn(self.draw)

    def run(self) -> Outcome:
        """Live it through and judge it."""
        with _determined(self.draw, self.loop):
            try:
                self.loop.run_until_complete(self._live())
                words = {screen.who.account: screen.words for screen in self.screens}
                found = judge.offences(self.city, self.diary, self.buttons, self.cases, self.heads, words)
            except StuckError as stuck:
                found = [f"stuck: {stuck}"]
            finally:
                self._sweep()
        tables = self.city.server.tables
        accepted = sum(row["state"] == "accepted" for row in tables["offer"].values())
        return Outcome(
            self.seed, tuple(found), len(tables["raw"]), len(tables["incident"]), accepted, len(self.plan.faults),
            len(tables["event"]),
        )  # fmt: skip

    async def _live(self) -> None:
        self._furnish()
        for name in PROCESSES:
            self.city.start(name)
        for screen in self.screens:
            within(OUTSIDE, screen.stay())
        await pause(1.0)
        begun = (self._presses(), self._trouble(), pause(BAD_AIR_S))
        await asyncio.wait([within(OUTSIDE, work) for work in begun])
        self._heal()
        await self._quiet()

    def _furnish(self) -> None:
        people = [responder(n) for n in range(self.plan.people)]
        seats = [seat(n) for n in range(1, SEATS + 1)]
        server = Server(self.loop, self.draw, MEANINGS)
        everybody = {one.account: one for one in (*people, *seats)}
        self.city = City(self.loop, self.draw, server, Broker(self.draw, self.plan.radio), everybody, self.plan.policy)
        self.diary = Diary(ImaginedClock(self.loop))
        self.buttons = [Button(self.city, self.diary, n) for n in range(self.plan.homes)]
        self.screens: list[Screen] = [Responder(self.city, self.diary, one) for one in people]
        self.screens += [Seat(self.city, self.diary, one) for one in seats]
        for n, button in enumerate(self.buttons):
            server.tables["device"][button.device] = {"home": f"H-{n}", "division": f"{STREET}001"}
        for one in people:
            server.tables["responder"][one.responder] = {"reachable": True, "division": STREET}
        server.cuts, server.slow = self.plan.cuts, self.plan.slow

    async def _presses(self) -> None:
        tasks = []
        for at in self.plan.presses:
            await pause(max(0.0, at + 1.0 - self.loop.time()))
            tasks.append(within(OUTSIDE, self.draw.choice(self.buttons).press()))
        await pause(0)
        self.pressing = tasks

    async def _trouble(self) -> None:
        """One fault need not be over when the next begins."""
        begun = []
        for at, fault in self.plan.faults:
            await pause(max(0.0, at + 1.0 - self.loop.time()))
            begun.append(within(OUTSIDE, self._noted(fault)))
        if begun:
            await asyncio.wait(begun)

    async def _noted(self, fault: str) -> None:
        self.faults += 1
        name = f"{fault} {self.faults}"
        self.diary.note("chaos", "killed", process=name)
        await self._fault(fault)
        self.diary.note("chaos", "back", process=name)

    async def _fault(self, fault: str) -> None:
        match fault:
            case "kill":
                await self._kill(self.draw.choice(PROCESSES))
            case "stop":
                process = self.city.running[self.draw.choice(PROCESSES)]
                process.stopped = not process.dead
                await pause(self.draw.uniform(0.3, 6.0))
                process.stopped = False
            case "fall":
                self.city.server.fall()
                await pause(self.draw.uniform(0.2, 3.0))
                self.city.server.away = False
            case "dark":
                await self._dark()
            case "broker":
                self.city.broker.away = True
                await pause(self.draw.uniform(0.2, 3.0))
                self.city.broker.come_back()
            case _:
                for screen in self.screens:
                    if self.draw.random() < 0.5:
                        screen.cut()

    async def _kill(self, name: str) -> None:
        process = self.city.running[name]
        if process.dead:
            return
        self.city.kill(name)
        await pause(self.draw.uniform(0.05, 1.5))
        self.city.start(name)

    async def _dark(self) -> None:
        """The database falls, and while it is away everybody."""
        self.city.server.fall()
        await pause(self.draw.uniform(0.0, 2.0))
        fallen = [name for name in PROCESSES if not self.city.running[name].dead]
        for name in fallen:
            self.city.kill(name)
        await pause(self.draw.uniform(0.2, 2.0))
        self.city.server.away = False
        for name in fallen:
            self.city.start(name)

    def _heal(self) -> None:
        """The weather clears up; what is down comes back by itself."""
        self.city.broker.radio = Radio()
        self.city.server.cuts = self.city.server.slow = 0.0

    async def _quiet(self) -> None:
        """Until every press is recorded and placed, and a little longer; then devices ask again what is stored."""
        await pause(CALM_S)
        for _ in range(QUIET_WITHIN_S):
            if self._placed():
                break
            await pause(1.0)
        await pause(SETTLES_S)
        self.heads = list(self.city.server.tables["inbox"].values())
        stored = {row["eid"] for row in self.city.server.tables["raw"].values()}
        for button in self.buttons:
            for press in button.presses:
                if press.eid in stored:
                    button.send(press)
        await pause(ASKS_AGAIN_S)
        names = list(self.city.server.tables["incident"])
        self.cases = await cases.load(cast("database.Connection", Link(self.city.server)), names)

    def _placed(self) -> bool:
        tables = self.city.server.tables
        return all(task.done() for task in self.pressing) and len(tables["raw"]) == len(tables["alarm"])

    def _sweep(self) -> None:
        """End every task, so that nothing of this world is left in the next."""
        everybody = (OUTSIDE, *self.city.running.values())
        left = {task for process in everybody for task in process.tasks}
        for process in everybody:
            process.kill()
        OUTSIDE.dead = False
        self.loop.run_until_complete(asyncio.wait(left))
        OUTSIDE.turns.clear()
        OUTSIDE.tasks.clear()


@contextmanager
def _determined(draw: Random, loop: DrawnLoop) -> Iterator[None]:
    """Nothing that our code asks of the machine may differ between two runs of a seed: time, chance."""
    logging.disable(logging.CRITICAL)
    machine = SimpleNamespace(monotonic=loop.time)
    with (
        patch("shared.runtime.clock.time", machine),
        patch("shared.vocabulary.ids.NOISE.piece", partial(draw.randbytes, 10)),
        patch("services.gateway.push.connection.NUMBERS", count(1)),
        patch.object(Connection, "__hash__", lambda it: int(it.number.removeprefix("c-"))),
        patch("services.gateway.flow.inbox.token_hex", lambda size: draw.randbytes(size).hex()),
    ):
        try:
            yield
        finally:
            logging.disable(logging.NOTSET)
