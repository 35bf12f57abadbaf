"""`./yinling prove simulation`: our own code in thousands of imagined worlds, each drawn from a seed.

A seed that breaks a promise is printed; `--seed N --seeds 1` lives it again, the same to the last turn. Whoever ends it
early is told what it has found by then.
"""

import gc
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from threading import Event
from typing import Any

from bench.machine import machine
from bench.simulation.world import Outcome, World
from shared.runtime.clock import stopwatch

SHOWN = 20
COUNTED = ("presses", "incidents", "accepted", "faults", "events")


def live(seed: int) -> Outcome:
    """Live it through."""
    return World(seed).run()


def main(*, seeds: int = 300, seed: int = 1, workers: int = 2, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if a promise was broken, or it was ended before the last seed."""
    before, begun, enough = machine(), stopwatch(), Event()
    for way in (signal.SIGINT, signal.SIGTERM):
        signal.signal(way, lambda *_: enough.set())
    outcomes = list(_lived(range(seed, seed + seeds), workers, enough))
    broken, complete = [it for it in outcomes if it.offences], len(outcomes) == seeds
    report: dict[str, Any] = {
        "seeds": len(outcomes), "first_seed": seed, "complete": complete, "violations": len(broken),
        **{name: sum(getattr(it, name) for it in outcomes) for name in COUNTED},
        "broken": [{"seed": it.seed, "offences": it.offences[:3]} for it in broken[:SHOWN]],
        "ok": complete and not broken, "seconds": round(stopwatch() - begun, 1), "machine": before,
    }  # fmt: skip
    lines = "\n".join(f"{name:>10}  {value}" for name, value in report.items())
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else lines) + "\n")
    return 0 if report["ok"] else 1


def _ready() -> None:
    """What is loaded by now stays: nobody need look through it for garbage. Ctrl+C is for the one who counts."""
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _lived(seeds: Sequence[int], workers: int, enough: Event) -> Iterator[Outcome]:
    """In processes of their own, whose hashes do not depend on chance; fewer when it is enough, or one of them dies."""
    os.environ["PYTHONHASHSEED"] = "0"
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with suppress(BrokenProcessPool), ProcessPoolExecutor(workers, mp_context=context, initializer=_ready) as pool:
        for outcome in pool.map(live, seeds):
            yield outcome
            if enough.is_set():
                pool.shutdown(cancel_futures=True)
                return
