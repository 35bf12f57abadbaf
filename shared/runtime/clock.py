"""Time is handed in. This is the only module that may ask the machine for it."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

JUMP = timedelta(seconds=1)
SLEW_PER_SAMPLE = timedelta(milliseconds=5)


class Clock(Protocol):
    """Where a service learns what time it is, and waits for an instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait that many seconds of this clock."""
        ...

    async def wait_until(self, due: datetime | None, wake: asyncio.Event, at_most_s: float) -> None:
        """Return at `due`, when `wake` is set (it is cleared), or after `at_most_s` real seconds."""
        ...


async def woken(wake: asyncio.Event, at_most_s: float) -> bool:
    """Wait for `wake` (and clear it) at most that many real seconds; tell whether it came."""
    try:
        async with asyncio.timeout(max(0.0, at_most_s)):
            await wake.wait()
    except TimeoutError:
        return False
    wake.clear()
    return True


class SystemClock:
    """The machine's clock, corrected by what `follow` learned from the database."""

    def __init__(self) -> None:
        """Start without a correction."""
        self._anchor = datetime.now(UTC)
        self._started = time.monotonic()
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """Return an instant that never steps back, whatever is done to the host's clock."""
        return self._anchor + timedelta(seconds=time.monotonic() - self._started) + self._offset

    async def sleep(self, seconds: float) -> None:
        """Wait real seconds."""
        await asyncio.sleep(seconds)

    async def wait_until(self, due: datetime | None, wake: asyncio.Event, at_most_s: float) -> None:
        """Wait for the earliest of the instant, the event and the limit."""
        left = at_most_s if due is None else min(at_most_s, (due - self.now()).total_seconds())
        await woken(wake, left)

    def learn(self, reference: datetime, *, first: bool = False) -> timedelta:
        """Move towards the database's time and return how far off we were.

        The first sample is taken whole; later ones are slewed, and a jump over a second moves nothing.
        """
        error = reference - self.now()
        if first:
            self._offset += error
        elif abs(error) <= JUMP:
            self._offset += max(-SLEW_PER_SAMPLE, min(SLEW_PER_SAMPLE, error))
        return error


async def follow(
    clock: SystemClock,
    database_time: Callable[[], Awaitable[datetime]],
    on_jump: Callable[[timedelta], None],
    every_s: float = 10,
) -> None:
    """Keep the clock by the database's; report every disagreement over a second."""
    while True:
        await asyncio.sleep(every_s)
        with contextlib.suppress(OSError, TimeoutError):
            asked = time.monotonic()
            reference = await database_time()
            error = clock.learn(reference + timedelta(seconds=(time.monotonic() - asked) / 2))
            if abs(error) > JUMP:
                on_jump(error)


class FakeClock:
    """A clock that a test moves by hand."""

    def __init__(self, start: datetime) -> None:
        """Stand still at `start`."""
        self._now = start
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return where the hand stands."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move the hand forward and wake who waits."""
        self._now += timedelta(seconds=seconds)
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        """Wait until the hand has moved that far."""
        due = self._now + timedelta(seconds=seconds)
        while self._now < due:
            await self._moved.wait()

    async def wait_until(self, due: datetime | None, wake: asyncio.Event, at_most_s: float) -> None:
        """Return at once when due; else when the hand moves, `wake` is set or the limit is over."""
        if due is not None and due <= self._now:
            return
        waits = {asyncio.ensure_future(self._moved.wait()), asyncio.ensure_future(wake.wait())}
        try:
            await asyncio.wait(waits, timeout=at_most_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        wake.clear()


def stopwatch() -> float:
    """Return seconds of a clock that only rises; for measuring, never for deciding."""
    return time.monotonic()
