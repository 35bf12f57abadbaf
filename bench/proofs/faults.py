"""What is done to a running instance: processes killed and held, lines cut, silent and slow, death at a given point."""

import contextlib
import os
import shutil
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

import asyncpg

from bench.instance import Instance
from bench.proofs.cable import Cable
from bench.proofs.history import History
from bench.proofs.killer import BACK_WITHIN_S, NotBackError, kill_in_turn
from bench.proofs.line import Line
from shared.runtime.clock import Clock, stopwatch

CUT_S, HELD_S, SILENT_S, SLOW_S = 3.0, 5.0, 14.0, 6.0
SLOW_BYTES, SLOW_LATENCY_S = 2_000.0, 0.5
LATE_S = 0.05
REACHED_WITHIN_S = 60.0
LOOK_EVERY_S = 0.05
HANG_UP = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE usename IN ('yl_devices', 'yl_dispatch', 'yl_gateway') AND pid <> pg_backend_pid()"""


class Fault(NamedTuple):
    """Something to do; over when `begin` returns."""

    name: str
    begin: Callable[[], Awaitable[None]]


class Chaos:
    """Makes faults for one instance; the beginning and the end of each stand in the history."""

    def __init__(self, it: Instance, history: History, clock: Clock) -> None:
        """Nothing is broken yet."""
        self._it = it
        self._history = history
        self._clock = clock
        self.not_reached: list[str] = []
        """Points to which nobody came."""

    async def go_on(self, faults: Sequence[Fault], pause_s: float, enough: Callable[[], bool]) -> None:
        """One fault after another, each at least once, until it is enough."""
        for number, fault in enumerate(cycle(faults), 1):
            await self._clock.sleep(pause_s)
            await fault.begin()
            if number >= len(faults) and enough():
                return

    def killed(self, name: str) -> Fault:
        """SIGKILL, and it is started again."""
        return Fault(name, partial(kill_in_turn, self._it, [name], 0, self._history, self._clock))

    def held(self, name: str, seconds: float = HELD_S) -> Fault:
        """Stopped and let go on: to all others it is there and says nothing."""
        return Fault(f"{name} held", partial(self._hold, name, seconds))

    def cut(self, name: str, line: Line, seconds: float = CUT_S) -> Fault:
        """Every connection of this line ends, and none is accepted for a while."""
        return Fault(f"{name} cut", partial(self._cut, f"{name} cut", line, seconds))

    def silent(self, name: str, line: Line, seconds: float = SILENT_S) -> Fault:
        """Half-open; the usual time is long enough for the second path, by which the same alarms arrive before."""
        return Fault(f"{name} silent", partial(self._silent, f"{name} silent", line, seconds))

    def pulled(self, name: str, cable: Cable, seconds: float) -> Fault:
        """The cable is out: what is sent goes nowhere, and nobody says so."""
        return Fault(f"{name} pulled", partial(self._pull, f"{name} pulled", cable, seconds))

    def slow(self, name: str, line: Line) -> Fault:
        """A reader that takes 2 kB a second, half a second late."""
        return Fault(f"{name} slow", partial(self._slow, f"{name} slow", line, SLOW_LATENCY_S, SLOW_BYTES))

    def late(self, name: str, line: Line) -> Fault:
        """Every piece 50 ms later, as to another building."""
        return Fault(f"{name} late", partial(self._slow, f"{name} late", line, LATE_S, 0.0))

    def hung_up(self) -> Fault:
        """The database ends every session of ours."""
        return Fault("database hangs up", self._database_hangs_up)

    def died_at(self, points: Sequence[str], folder: Path) -> Fault:
        """Whoever comes next to one of these points is killed at that instruction."""
        return Fault(f"died at {', '.join(points)}", partial(self._die_at, points, folder))

    def emptied(self) -> Fault:
        """The broker dies and has lost all that it kept."""
        return Fault("broker emptied", self._empty_broker)

    async def _hold(self, name: str, seconds: float) -> None:
        number = self._it.processes()[name]
        async with self.noted(f"{name} held"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGSTOP)
                await self._clock.sleep(seconds)
                os.kill(number, signal.SIGCONT)

    async def _cut(self, name: str, line: Line, seconds: float) -> None:
        async with self.noted(name):
            line.shut_down()
            await self._clock.sleep(seconds)
            line.open_up()

    async def _silent(self, name: str, line: Line, seconds: float) -> None:
        async with self.noted(name):
            line.stall()
            await self._clock.sleep(seconds)
            line.release()

    async def _pull(self, name: str, cable: Cable, seconds: float) -> None:
        async with self.noted(name):
            cable.pull()
            await self._clock.sleep(seconds)
            cable.plug()

    async def _slow(self, name: str, line: Line, latency_s: float, bytes_per_s: float) -> None:
        async with self.noted(name):
            line.slow(latency_s, bytes_per_s)
            await self._clock.sleep(SLOW_S)
            line.slow(0.0, 0.0)

    async def _database_hangs_up(self) -> None:
        async with self.noted("database hangs up"):
            connection = await asyncpg.connect(self._it.admin_url)
            try:
                await connection.execute(HANG_UP)
            finally:
                await connection.close()

    async def _die_at(self, points: Sequence[str], folder: Path) -> None:
        """Points of different processes, so that as many are new as have been reached."""
        before, waiting = self._it.processes(), list(points)
        for point in points:
            (folder / point).touch()
        begun = stopwatch()
        while waiting:
            if stopwatch() - begun > REACHED_WITHIN_S:
                self._give_up(waiting, folder)
                return
            await self._clock.sleep(LOOK_EVERY_S)
            for point in [point for point in waiting if not (folder / point).exists()]:
                waiting.remove(point)
                async with self.noted(f"died at {point}"):
                    await self.back(before, len(points) - len(waiting))

    def _give_up(self, waiting: Sequence[str], folder: Path) -> None:
        """The order is taken back, so that nobody dies of it later."""
        for point in waiting:
            (folder / point).unlink(missing_ok=True)
        self.not_reached += waiting

    async def _empty_broker(self) -> None:
        before, kept = self._it.processes(), self._it.folder / "nats" / "store"
        async with self.noted("broker emptied"):
            os.kill(before["broker"], signal.SIGKILL)
            if kept.exists():  # moved away at once: it is started again within a tenth of a second
                gone = kept.rename(kept.with_name("lost"))
                shutil.rmtree(gone)
            (self._it.folder / "mosquitto" / "mosquitto.db").unlink(missing_ok=True)
            await self.back(before)

    async def back(self, before: dict[str, int], many: int = 1) -> None:
        """Until so many have died since and all run again."""
        begun = stopwatch()
        while sum(before.get(name) != number for name, number in self._it.processes().items()) < many:
            if stopwatch() - begun > BACK_WITHIN_S:
                raise NotBackError
            await self._clock.sleep(LOOK_EVERY_S)

    @asynccontextmanager
    async def noted(self, name: str) -> AsyncIterator[None]:
        """Write down when it begins and when it is over."""
        begun = stopwatch()
        self._history.note("chaos", "killed", {"process": name})
        try:
            yield
        finally:
            self._history.note("chaos", "back", {"process": name, "after_s": round(stopwatch() - begun, 3)})


def of_the_line(chaos: Chaos, it: Instance, line: Line) -> list[Fault]:
    """What breaks the road from a device to the desk; an outside broker and database are left alone."""
    running = it.processes()
    wanted = (
        ("devices-1", chaos.killed("devices-1")), (None, chaos.cut("line", line)),
        ("devices-2", chaos.held("devices-2")), ("broker", chaos.killed("broker")),
        (None, chaos.silent("line", line)), ("devices-2", chaos.killed("devices-2")),
        ("presence", chaos.killed("presence")), (None, chaos.slow("line", line)),
        ("devices-1", chaos.held("devices-1")), ("postgres", chaos.hung_up()),
    )  # fmt: skip
    return [fault for part, fault in wanted if part is None or part in running]
