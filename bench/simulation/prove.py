"""`./yinling prove simulation`: our own code in thousands of imagined worlds, each drawn from a seed.

A seed that breaks a promise is printed; `--seed N --seeds 1` lives it again, the same to the last turn.
"""

import gc
import json
import os
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from bench.machine import machine
from bench.simulation.world import Outcome, World
from shared.runtime.clock import stopwatch

A_PIECE = 10
SHOWN = 20
COUNTED = ("presses", "incidents", "accepted", "faults", "events")


def live(seeds: Iterable[int]) -> list[Outcome]:
    """Live these through, one after the other."""
    return [World(seed).run() for seed in seeds]


def main(*, seeds: int = 300, seed: int = 1, workers: int = 2, as_json: bool = False) -> int:
    """Prove, print, and return the exit code: 1 if a promise was broken."""
    before, begun = machine(), stopwatch()
    outcomes = list(_lived(range(seed, seed + seeds), workers))
    broken = [it for it in outcomes if it.offences]
    report: dict[str, Any] = {
        "seeds": len(outcomes), "first_seed": seed, "violations": len(broken),
        **{name: sum(getattr(it, name) for it in outcomes) for name in COUNTED},
        "broken": [{"seed": it.seed, "offences": it.offences[:3]} for it in broken[:SHOWN]],
        "ok": not broken, "seconds": round(stopwatch() - begun, 1), "machine": before,
    }  # fmt: skip
    lines = "\n".join(f"{name:>10}  {value}" for name, value in report.items())
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if as_json else lines) + "\n")
    return 1 if broken else 0


def _ready() -> None:
    """What is loaded by now stays: nobody need look through it for garbage."""
    gc.freeze()


def _lived(seeds: range, workers: int) -> Iterator[Outcome]:
    """In processes of their own, whose hashes do not depend on chance."""
    os.environ["PYTHONHASHSEED"] = "0"
    pieces = [range(at, min(at + A_PIECE, seeds.stop)) for at in range(seeds.start, seeds.stop, A_PIECE)]
    context = get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_ready) as pool:
        for outcomes in pool.map(live, pieces):
            yield from outcomes
