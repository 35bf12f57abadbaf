"""What is done to a running instance while devices press: processes killed and held, lines cut, silent and slow."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from itertools import cycle
from typing import NamedTuple

import asyncpg

from bench.chaos_proxy import Proxy
from bench.history import History
from bench.instance import Instance
from bench.killer import kill_in_turn
from shared.runtime.clock import Clock, stopwatch

CUT_S, HELD_S, SILENT_S, SLOW_S = 3.0, 5.0, 14.0, 6.0
SLOW_BYTES, SLOW_LATENCY_S = 2_000.0, 0.5
HANG_UP = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE usename IN ('yl_devices', 'yl_dispatch') AND pid <> pg_backend_pid()"""


class Fault(NamedTuple):
    """Something to do; `part` is the process it is done to, None where it is a line."""

    part: str | None
    begin: Callable[[], Awaitable[None]]


class Chaos:
    """The faults by name; each is over when it returns, and both instants stand in the history."""

    def __init__(self, it: Instance, proxy: Proxy, history: History, clock: Clock) -> None:
        """Devices reach the broker through `proxy`."""
        self._it = it
        self._proxy = proxy
        self._history = history
        self._clock = clock

    def faults(self) -> list[Fault]:
        """Every fault once; an outside broker and database are left alone. `prove kill` kills the database too."""
        running = self._it.processes()
        wanted = (
            self._killed("devices-1"), Fault(None, self._line_cut), self._held("devices-2"), self._killed("broker"),
            Fault(None, self._line_silent), self._killed("devices-2"), self._killed("presence"),
            Fault(None, self._line_slow), self._held("devices-1"), Fault("postgres", self._database_hangs_up),
        )  # fmt: skip
        return [fault for fault in wanted if fault.part is None or fault.part in running]

    async def go_on(self, pause_s: float, enough: Callable[[], bool]) -> None:
        """One fault after another, each at least once, until it is enough."""
        faults = self.faults()
        for number, fault in enumerate(cycle(faults), 1):
            await self._clock.sleep(pause_s)
            await fault.begin()
            if number >= len(faults) and enough():
                return

    def _killed(self, name: str) -> Fault:
        return Fault(name, partial(kill_in_turn, self._it, [name], 0, self._history, self._clock))

    def _held(self, name: str) -> Fault:
        return Fault(name, partial(self._hold, name))

    async def _hold(self, name: str) -> None:
        """Stopped and let go on: to all others it is there and says nothing."""
        number = self._it.processes()[name]
        async with self._noted(f"{name} held"):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGSTOP)
                await self._clock.sleep(HELD_S)
                os.kill(number, signal.SIGCONT)

    async def _line_cut(self) -> None:
        async with self._noted("line cut"):
            self._proxy.shut = True
            self._proxy.cut()
            await self._clock.sleep(CUT_S)
            self._proxy.shut = False

    async def _line_silent(self) -> None:
        """Long enough for the second path, over which the same alarms arrive before the line lets them go."""
        async with self._noted("line silent"):
            self._proxy.stall()
            await self._clock.sleep(SILENT_S)
            self._proxy.release()

    async def _line_slow(self) -> None:
        async with self._noted("line slow"):
            self._proxy.bytes_per_s, self._proxy.latency_s = SLOW_BYTES, SLOW_LATENCY_S
            await self._clock.sleep(SLOW_S)
            self._proxy.bytes_per_s, self._proxy.latency_s = 0.0, 0.0

    async def _database_hangs_up(self) -> None:
        async with self._noted("database hangs up"):
            connection = await asyncpg.connect(self._it.admin_url)
            try:
                await connection.execute(HANG_UP)
            finally:
                await connection.close()

    @asynccontextmanager
    async def _noted(self, name: str) -> AsyncIterator[None]:
        begun = stopwatch()
        self._history.note("chaos", "killed", {"process": name})
        try:
            yield
        finally:
            self._history.note("chaos", "back", {"process": name, "after_s": round(stopwatch() - begun, 3)})
