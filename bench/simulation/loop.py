"""An event loop whose time is imagined and whose order is drawn: the same seed is the same run.

Nothing really waits. Among the processes that have something to do, the next is drawn, as machines would interleave
them; within one process order is kept, as its own loop would. When nobody has anything to do, time jumps to the next
instant somebody waits for. A stopped process keeps everything and does nothing; one that was killed does no more.
"""

import asyncio
import heapq
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, ContextVar, copy_context
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, TypeVar, cast

from shared.runtime.clock import woken

T = TypeVar("T")

BEGINNING = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MOST_TURNS = 3_000_000


class Numbered(asyncio.Future[Any]):
    """A promise whose hash is its number, so that a set of them has the same order in every run."""

    number = 0

    def __hash__(self) -> int:
        """By number."""
        return self.number


class NumberedTask(asyncio.Task[Any]):
    """A task, likewise."""

    number = 0

    def __hash__(self) -> int:
        """By number."""
        return self.number


class Process:
    """Everything that lives and dies together."""

    def __init__(self, name: str) -> None:
        """Run until stopped or killed."""
        self.name = name
        self.stopped = False
        self.dead = False
        self.turns: deque[asyncio.Handle] = deque()
        self.tasks: set[asyncio.Task[Any]] = set()

    def kill(self) -> None:
        """Whatever it still tries reaches nobody (`dead` is looked at by every way out); its tasks are swept up."""
        self.dead, self.stopped = True, False
        for task in sorted(self.tasks, key=hash):
            task.cancel()


OUTSIDE = Process("outside")
"""The network, the database, the people."""
PROCESS: ContextVar[Process] = ContextVar("process", default=OUTSIDE)
IN_THE_OPEN = copy_context()
"""What happens whoever lives or dies is called in this context."""


class StuckError(Exception):
    """Nobody has anything to do and nobody waits for anything, or there is no end to it."""


class DrawnLoop:
    """As much of an event loop as our code uses without sockets, threads and signals."""

    def __init__(self, draw: Random) -> None:
        """Draw the order of processes from `draw`."""
        self._draw = draw
        self._me = cast("asyncio.AbstractEventLoop", self)
        self._now = 0.0
        self._numbers = count()
        self._busy: list[Process] = []
        self._timers: list[tuple[float, int, asyncio.TimerHandle | Numbered]] = []
        self.faults: list[str] = []

    def time(self) -> float:
        """Seconds since the world began."""
        return self._now

    def get_debug(self) -> bool:
        """No."""
        return False

    def is_running(self) -> bool:
        """Always, as far as anybody within can tell."""
        return True

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        """Next among what this process has to do."""
        handle = asyncio.Handle(callback, args, self._me, context or copy_context())
        self._enqueue(handle)
        return handle

    def call_later(
        self, delay: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """After so many imagined seconds."""
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """At an instant."""
        handle = asyncio.TimerHandle(when, callback, args, self._me, context or copy_context())
        heapq.heappush(self._timers, (when, next(self._numbers), handle))
        return handle

    def after(self, seconds: float) -> "asyncio.Future[Any]":
        """A promise that is kept after so many imagined seconds."""
        future = self.create_future()
        heapq.heappush(self._timers, (self._now + seconds, next(self._numbers), future))
        return future

    def _timer_handle_cancelled(self, _: asyncio.TimerHandle) -> None:
        """It is passed over when its time comes."""

    def create_future(self) -> Numbered:
        """A promise of this loop."""
        future = Numbered(loop=self._me)
        future.number = next(self._numbers)
        return future

    def create_task(
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None, context: Context | None = None
    ) -> "asyncio.Task[T]":
        """Begin in the process that asks for it."""
        task = NumberedTask(coro, loop=self._me, name=name, context=context)
        task.number = next(self._numbers)
        process = (context or copy_context()).get(PROCESS, OUTSIDE)
        process.tasks.add(task)
        task.add_done_callback(process.tasks.discard)
        if process.dead:
            task.cancel()
        return task

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        """Something went wrong where nobody looks: a fault of the world."""
        fault = context.get("exception")
        self.faults.append(f"{context.get('message')}: {fault!r}")
        logging.getLogger(__name__).error("loop.fault", exc_info=fault)

    def run_until_complete(self, future: Any) -> Any:
        """Run until this is done; StuckError when it can't be."""
        main = self.create_task(future)
        asyncio._set_running_loop(self._me)  # noqa: SLF001  meant for those who make loops
        try:
            for _ in range(MOST_TURNS):
                if main.done():
                    return main.result()
                self._turn()
        finally:
            asyncio._set_running_loop(None)  # noqa: SLF001
        raise StuckError("no end")

    def _enqueue(self, handle: asyncio.Handle) -> None:
        process = handle._context.get(PROCESS, OUTSIDE)  # type: ignore[attr-defined]  # noqa: SLF001
        if not process.turns:
            self._busy.append(process)
        process.turns.append(handle)

    def _turn(self) -> None:
        if self._timers and self._timers[0][0] <= self._now:
            self._wake_up()
        able = [process for process in self._busy if not process.stopped]
        if not able:
            self._jump()
            return
        process = able[int(self._draw.random() * len(able))] if len(able) > 1 else able[0]
        handle = process.turns.popleft()
        if not process.turns:
            self._busy.remove(process)
        if not handle.cancelled():
            handle._run()  # noqa: SLF001  what a loop does with a handle

    def _wake_up(self) -> None:
        while self._timers and self._timers[0][0] <= self._now:
            _, _, due = heapq.heappop(self._timers)
            if isinstance(due, asyncio.TimerHandle):
                if not due.cancelled():
                    self._enqueue(due)
            elif not due.done():
                due.set_result(None)

    def _jump(self) -> None:
        while self._timers and self._timers[0][2].cancelled():
            heapq.heappop(self._timers)
        if not self._timers:
            raise StuckError("nobody waits for anything")
        self._now = max(self._now, self._timers[0][0])


class ImaginedClock:
    """The loop's time as a service's clock; `off_s` is how wrong this host is."""

    def __init__(self, loop: DrawnLoop, off_s: float = 0.0) -> None:
        """Follow the loop."""
        self._loop = loop
        self._off_s = off_s

    def now(self) -> datetime:
        """The instant, as this host sees it."""
        return BEGINNING + timedelta(seconds=self._loop.time() + self._off_s)

    async def sleep(self, seconds: float) -> None:
        """Wait imagined seconds."""
        await woken(asyncio.Event(), seconds)

    async def wait_until(self, due: datetime | None, wake: asyncio.Event, at_most_s: float) -> None:
        """Until the earliest of the instant, the event and the limit."""
        left = at_most_s if due is None else min(at_most_s, (due - self.now()).total_seconds())
        await woken(wake, left)


async def pause(seconds: float) -> None:
    """Let imagined seconds pass."""
    await cast("DrawnLoop", asyncio.get_running_loop()).after(seconds)
