"""Close what a run has opened, so that its open incidents do not burden the next."""

import asyncio
from collections.abc import Sequence

from bench.watchers import Watcher
from simulators.door import Door

AT_ONCE = 8
CLOSING = {"outcome": "test", "evidence": "heard", "evidence_by": "bench", "note": ""}


async def close_all(watchers: Sequence[Watcher], door: Door) -> int:
    """Close every incident the watchers know; return how many could not be closed."""
    return await close_named(sorted({name for watcher in watchers for name in watcher.incidents}), door)


async def close_named(names: Sequence[str], door: Door) -> int:
    """Close these incidents; return how many could not be closed."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> bool:
        async with turn:
            return await _close(name, door)

    return (await asyncio.gather(*(one(name) for name in names))).count(False)


async def _close(name: str, door: Door) -> bool:
    for _ in range(4):
        view = await door.get(f"/incidents/{name}")
        if not view.ok:
            return False
        row = view.body["row"]
        if row["state"] in {"closed", "false_alarm"}:
            return True
        if (await door.act(f"/incidents/{name}/close", CLOSING, version=row["ver"])).ok:
            return True
    return False
