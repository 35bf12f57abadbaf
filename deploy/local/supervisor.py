"""Child processes of one data folder: started in order, restarted with back-off when they die, ended with us."""

import asyncio
import contextlib
import ctypes
import json
import os
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.runtime.clock import stopwatch, woken

PR_SET_PDEATHSIG = 1
SHORTEST_S, LONGEST_S, GOOD_RUN_S = 0.1, 5.0, 10.0
LIBC = ctypes.CDLL(None, use_errno=True)

Probe = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Part:
    """A process to keep alive. Without a `probe` it says itself when it serves, on an inherited descriptor."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    user: str | None = None
    stop: signal.Signals = signal.SIGTERM
    probe: Probe | None = None
    directory: Path | None = None


class PartFailedError(Exception):
    """A part died before it ever served; the text is the end of its log."""


class Supervisor:
    """Keeps parts alive; `report(name, what)` is told of every death and return."""

    def __init__(self, folder: Path, report: Callable[[str, str], None]) -> None:
        """Logs go to `folder/logs`, process numbers to `folder/run.json`."""
        self._folder = folder
        self._report = report
        self._logs = folder / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        self._started: list[list[tuple[Part, asyncio.Task[None]]]] = []
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def start(self, *parts: Part) -> None:
        """Start parts side by side and return when all of them serve."""
        serving = {part.name: asyncio.Event() for part in parts}
        keepers = [(part, asyncio.create_task(self._keep(part, serving[part.name]))) for part in parts]
        self._started.append(keepers)
        mine = {keeper for _, keeper in keepers}
        everything = asyncio.create_task(_all_set(serving.values()))
        try:
            await asyncio.wait({everything, *mine}, return_when=asyncio.FIRST_COMPLETED)
            for task in mine:
                if task.done():
                    task.result()
            await everything
        finally:
            everything.cancel()

    async def stop(self) -> None:
        """End everything this supervisor started, last started first; what began side by side ends so."""
        for keepers in reversed(self._started):
            await asyncio.gather(*(self._end(part, keeper) for part, keeper in keepers))
        self._started.clear()
        (self._folder / "run.json").unlink(missing_ok=True)

    async def _end(self, part: Part, keeper: asyncio.Task[None]) -> None:
        keeper.cancel()
        with contextlib.suppress(asyncio.CancelledError, PartFailedError):
            await keeper
        process = self._running.pop(part.name, None)
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(part.stop)
        try:
            await asyncio.wait_for(process.wait(), 8)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def _keep(self, part: Part, serving: asyncio.Event) -> None:
        pause = SHORTEST_S
        while True:
            started = stopwatch()
            process, ready = await self._spawn(part)
            self._running[part.name] = process
            self._write_numbers()
            await self._watch(part, process, ready, serving)
            if not serving.is_set():
                raise PartFailedError(f"{part.name}: {self._last_words(part)}")
            self._report(part.name, f"ended ({process.returncode}), starting again")
            pause = SHORTEST_S if stopwatch() - started > GOOD_RUN_S else min(pause * 2, LONGEST_S)
            await woken(asyncio.Event(), pause)

    async def _spawn(self, part: Part) -> tuple[asyncio.subprocess.Process, int]:
        ours, theirs = os.pipe()
        environment = {**os.environ, **part.environment, "YINLING_READY_FD": str(theirs)}
        try:
            with (self._logs / f"{part.name}.log").open("ab") as log:
                process = await asyncio.create_subprocess_exec(
                    *part.command, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                    user=part.user, cwd=part.directory, pass_fds=(theirs,), start_new_session=True,
                    preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, int(part.stop)),
                )  # fmt: skip
        finally:
            os.close(theirs)
        return process, ours

    async def _watch(self, part: Part, process: asyncio.subprocess.Process, ready: int, serving: asyncio.Event) -> None:
        probing = asyncio.create_task(self._ready(part, ready, serving))
        try:
            await process.wait()
        finally:
            probing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await probing
            os.close(ready)

    async def _ready(self, part: Part, descriptor: int, serving: asyncio.Event) -> None:
        if part.probe is None:
            word = await _read(descriptor)
        else:
            while not await part.probe():
                await woken(asyncio.Event(), 0.05)
            word = b"1"
        if word:
            if serving.is_set():
                self._report(part.name, "serving again")
            serving.set()

    def _write_numbers(self) -> None:
        numbers = {name: p.pid for name, p in self._running.items() if p.returncode is None}
        part = self._folder / "run.part"
        part.write_text(json.dumps({"supervisor": os.getpid(), "processes": numbers}), "utf-8")
        part.rename(self._folder / "run.json")

    def _last_words(self, part: Part) -> str:
        return (self._logs / f"{part.name}.log").read_text("utf-8", errors="replace")[-2000:]


async def _all_set(events: Iterable[asyncio.Event]) -> None:
    for event in events:
        await event.wait()


async def _read(descriptor: int) -> bytes:
    """Wait for a byte; empty when the other end was closed without a word."""
    loop = asyncio.get_running_loop()
    arrived = asyncio.Event()
    os.set_blocking(descriptor, False)
    loop.add_reader(descriptor, arrived.set)
    try:
        await arrived.wait()
        return os.read(descriptor, 1)
    finally:
        loop.remove_reader(descriptor)


async def answers(host: str, port: int) -> bool:
    """Whether something listens there."""
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 1)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True
