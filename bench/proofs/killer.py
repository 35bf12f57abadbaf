"""Kills every process in turn and waits until each is back."""

import contextlib
import os
import signal
from collections.abc import Sequence

from bench.instance import Instance
from bench.proofs.history import History
from shared.runtime.clock import Clock, stopwatch

SPARED = frozenset({"simulators"})
BACK_WITHIN_S = 60.0


class NotBackError(Exception):
    """A killed process was not started again."""


def victims(it: Instance, faults: int) -> list[str]:
    """Every process in turn, again and again, until there are `faults`."""
    names = [name for name in it.processes() if name not in SPARED]
    return [names[number % len(names)] for number in range(faults)]


async def kill_in_turn(it: Instance, names: Sequence[str], pause_s: float, history: History, clock: Clock) -> None:
    """SIGKILL one after the other, `pause_s` apart, each after the one before is back."""
    for name in names:
        await clock.sleep(pause_s)
        await _kill(it, name, history, clock)


async def _kill(it: Instance, name: str, history: History, clock: Clock) -> None:
    before = it.processes()[name]
    history.note("killer", "killed", {"process": name})
    with contextlib.suppress(ProcessLookupError):
        os.kill(before, signal.SIGKILL)
    begun = stopwatch()
    while it.processes().get(name, before) == before:
        if stopwatch() - begun > BACK_WITHIN_S:
            raise NotBackError(name)
        await clock.sleep(0.05)
    history.note("killer", "back", {"process": name, "after_s": round(stopwatch() - begun, 3)})
